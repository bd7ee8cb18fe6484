import { describe } from 'vitest';
import { testConv2d } from './suite/conv2d';
import { testDepthwise } from './suite/depthwise';
import { testMatMul } from './suite/mat-mul';

// In a process of its own: with several threads the memory is another one.
describe('convolutions on three threads', () => testConv2d(2000, 3));
describe('depthwise convolutions on three threads', () => testDepthwise(2000, 3));
describe('products on three threads', () => testMatMul(40, 3));

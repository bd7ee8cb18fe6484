import { describe } from 'vitest';
import { testConv2d } from './suite/conv2d';
import { testDepthwise } from './suite/depthwise';
import { testMatMul } from './suite/mat-mul';

describe('convolutions', () => testConv2d(2000, 1));
describe('depthwise convolutions', () => testDepthwise(2000, 1));
describe('products', () => testMatMul(200, 1));

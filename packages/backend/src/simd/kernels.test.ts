import { describe } from 'vitest';
import { testChannelArithmetic } from './suite/channel-arithmetic';
import { testConv2d } from './suite/conv2d';
import { testDepthwise } from './suite/depthwise';
import { testElementwise } from './suite/elementwise';
import { testMatMul } from './suite/mat-mul';

describe('convolutions', () => testConv2d(100, 1));
describe('depthwise convolutions', () => testDepthwise(100, 1));
describe('products', () => testMatMul(4, 1));
describe('loops', () => testElementwise());
describe('values of channels', () => testChannelArithmetic());

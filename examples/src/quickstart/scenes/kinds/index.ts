import type { Kind } from '../thing';
import { ball } from './ball';
import { beetle } from './beetle';
import { fish } from './fish';
import { leaf } from './leaf';
import { mushroom } from './mushroom';
import { starfish } from './starfish';

/** The classes; class `i + 1` of a mask is the `i`-th of these. */
export const KINDS: Readonly<Record<string, Kind>> = { fish, leaf, mushroom, beetle, ball, starfish };

import type { CompatibilityMatrix } from '../engine';

/** Adds `compat(x)` of one point to its costs: Potts −w·x, diagonal v·x, full W·x. */
export function addCompatibility(
  compatibility: CompatibilityMatrix,
  x: Float32Array,
  costs: Float32Array,
  at: number,
  classes: number,
): void {
  switch (compatibility.kind) {
    case 'potts':
      for (let c = 0; c < classes; c++) costs[at + c]! -= compatibility.weight * x[at + c]!;
      break;
    case 'diagonal':
      for (let c = 0; c < classes; c++) costs[at + c]! += compatibility.weights[c]! * x[at + c]!;
      break;
    case 'full':
      for (let row = 0; row < classes; row++) {
        let sum = 0;
        for (let c = 0; c < classes; c++) sum += compatibility.matrix[row * classes + c]! * x[at + c]!;
        costs[at + row]! += sum;
      }
  }
}

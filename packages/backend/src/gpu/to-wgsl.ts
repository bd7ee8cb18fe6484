/**
 * GLSL → WGSL, for the few words that the shaders of this folder are written in: declarations of `int` and `float`,
 * loops that count up, conditions, arithmetic, conversions, `getNAME(i)` for the values of an input.
 */
export function toWgsl(glsl: string): string {
  return glsl
    .replace(/\bint (\w+) =/g, 'var $1 : i32 =')
    .replace(/\bfloat (\w+) =/g, 'var $1 : f32 =')
    .replace(/\bint\(/g, 'i32(')
    .replace(/\bfloat\(/g, 'f32(');
}

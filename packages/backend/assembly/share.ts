/** Where part `part` of `parts` begins in `count` things that are shared out in steps of `step`. */
@inline
export function share(count: i32, step: i32, part: i32, parts: i32): i32 {
  const steps = (count + step - 1) / step;
  return min(count, <i32>((<i64>steps * part) / parts) * step);
}

@inline
export function roundUp(n: i32, multiple: i32): i32 {
  return ((n + multiple - 1) / multiple) * multiple;
}

/** The name of an image file without its folder and ending: `JPEGImages/2007_000033.jpg` → `2007_000033`. */
export function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.(jpe?g|png)$/i, '');
}

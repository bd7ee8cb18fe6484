/** The wheels with NVIDIA's libraries that a wheel of TensorFlow names for its extra `and-cuda`: `name==version`. */
export function nvidiaRequirements(metadata: string): string[] {
  return metadata
    .split('\n')
    .filter((line) => /^Requires-Dist: nvidia-/.test(line) && /extra == ["']and-cuda["']/.test(line))
    .map((line) => {
      const [, name, version] = /^Requires-Dist: ([\w.-]+)\s*\(?[=<>!~]=?\s*([\w.]+)/.exec(line) ?? [];
      return `${name}==${version}`;
    });
}

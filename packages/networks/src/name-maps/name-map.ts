/** Translates between the keys of a weight file and the names of a network's parameters. */
export interface NameMap {
  /**
   * What a key of the file may stand for: a parameter's name, or several where it depends on the network, the first
   * that it has; nothing for a key of something else. A `module.` in front is gone already.
   */
  toParameter(key: string): string | readonly string[] | undefined;
  /** The file's key of a parameter; `undefined` if such files have none. */
  toKey(name: string): string | undefined;
  /** Keys that are passed over without mention, as the copies that a file holds of what it has under other keys. */
  ignores?(key: string): boolean;
}

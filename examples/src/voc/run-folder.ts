import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type HostTensor, ValueError } from '@wsss/core';
import { readMask, writeMask } from '@wsss/datasets';
import { readNpy, saveBytes, writeNpy } from '@wsss/formats';
import { fromVoc, toVoc } from './open-split';
import type { RungSlug } from './rungs';

/**
 * Where a run keeps what it has found, so that a run that was killed goes on: files are written whole or not at all, and
 * what is there is not made again.
 */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes sure that the folder holds nothing of other settings.
   *
   * @throws {ValueError} if it does.
   */
  async belongTo(settings: object): Promise<void> {
    const own = JSON.parse(JSON.stringify(settings)) as object;
    const found = await this.readJson<object>('settings.json');
    if (!found) return this.writeJson('settings.json', own);
    if (JSON.stringify(found) === JSON.stringify(own)) return;
    const hint = 'Give another folder with --out, or remove this one.';
    throw new ValueError('voc', 'out', 'to be a folder of a run with the same settings', this.path, hint);
  }

  file(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  async has(...names: readonly string[]): Promise<boolean> {
    return stat(this.file(...names)).then(
      () => true,
      () => false,
    );
  }

  async readJson<T>(name: string): Promise<T | undefined> {
    if (!(await this.has(name))) return undefined;
    return JSON.parse(await readFile(this.file(name), 'utf8')) as T;
  }

  async writeJson(name: string, value: unknown): Promise<void> {
    await saveBytes(this.file(name), new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`));
  }

  hasMask(rung: RungSlug, id: string): Promise<boolean> {
    return this.has('masks', rung, `${id}.png`);
  }

  async readMask(rung: RungSlug, id: string): Promise<HostTensor<Uint8Array>> {
    return fromVoc(await readMask(this.file('masks', rung, `${id}.png`)));
  }

  /** As an indexed PNG with VOC's indices and colours. */
  writeMask(rung: RungSlug, id: string, mask: HostTensor<Uint8Array>): Promise<void> {
    return writeMask(this.file('masks', rung, `${id}.png`), toVoc(mask));
  }

  /** Image-specific scores of the cells of a photo. */
  async readCells(id: string): Promise<HostTensor> {
    return (await readNpy(this.file('cells', `${id}.npy`))) as HostTensor;
  }

  async writeCells(id: string, scores: HostTensor): Promise<void> {
    await saveBytes(this.file('cells', `${id}.npy`), await writeNpy(scores));
  }

  remove(...names: readonly string[]): Promise<void> {
    return rm(this.file(...names), { recursive: true, force: true });
  }
}

import { MemoryPeak } from '../shared/memory-peak';
import type { RunFolder } from './run-folder';
import type { RungSlug } from './rungs';

/** What a stage took, over all starts of the run. */
export interface StageRecord {
  seconds: number;
  /** The most memory in bytes that the program held in it. */
  memory: number;
  /** Photos that were worked on. */
  photos: number;
  /** Of those seconds, the ones of each rung, for all photos together. */
  rungs: Partial<Record<RungSlug, number>>;
}

/** Measures the stages and keeps what it knows in `stages.json`, so that a run that was killed loses a few seconds. */
export class StageLog {
  readonly records: Record<string, StageRecord>;
  readonly #folder: RunFolder;

  private constructor(folder: RunFolder, records: Record<string, StageRecord>) {
    this.#folder = folder;
    this.records = records;
  }

  static async open(folder: RunFolder): Promise<StageLog> {
    return new StageLog(folder, (await folder.readJson<Record<string, StageRecord>>('stages.json')) ?? {});
  }

  /** `count` tells of a photo that is done, or with 0 photos of any progress. */
  async measure<T>(name: string, work: (count: Count) => Promise<T>): Promise<T> {
    const before = this.records[name] ?? { seconds: 0, memory: 0, photos: 0, rungs: {} };
    const memory = new MemoryPeak();
    const started = performance.now();
    const record: StageRecord = { ...before, rungs: { ...before.rungs } };
    let saved = started;
    const save = () => {
      record.seconds = before.seconds + (performance.now() - started) / 1000;
      record.memory = Math.max(record.memory, memory.take());
      this.records[name] = record;
      return this.#folder.writeJson('stages.json', this.records);
    };
    try {
      const result = await work(async (photos = 1, rungs = {}) => {
        record.photos += photos;
        for (const [slug, seconds] of Object.entries(rungs) as [RungSlug, number][]) {
          record.rungs[slug] = (record.rungs[slug] ?? 0) + seconds;
        }
        if (performance.now() - saved < 5000) return;
        saved = performance.now();
        await save();
      });
      await save();
      return result;
    } finally {
      memory.stop();
    }
  }
}

export type Count = (photos?: number, rungs?: Partial<Record<RungSlug, number>>) => Promise<void>;

import type { TensorLike } from '@wsss/core';
import type { ValueFormat } from './format-value';

/** Red, green, blue, each 0..255. */
export type Rgb = readonly [number, number, number];

/** What a report says, from top to bottom. All text is plain text. */
export interface ReportContent {
  readonly title: string;
  /** One sentence under the title. */
  readonly subtitle?: string;
  /** Short facts under it: the backend, the date, the version. */
  readonly facts?: readonly string[];
  /** Rows of pictures, one above the other, cut to squares: the page's first impression. */
  readonly cover?: readonly (readonly Picture[])[];
  readonly sections: readonly ReportSection[];
}

export type ReportSection =
  | FiguresSection
  | TableSection
  | CurvesSection
  | ImagesSection
  | NotesSection
  | TimingsSection
  | SettingsSection;

/** A few numbers in large type. */
export interface FiguresSection {
  readonly type: 'figures';
  readonly title: string;
  readonly figures: readonly Figure[];
}

export interface Figure {
  readonly label: string;
  readonly value: string | number | null;
  /** @default 'number' */
  readonly format?: ValueFormat;
  readonly digits?: number;
  /** What to compare it with, or how it was measured. */
  readonly note?: string;
}

export interface TableSection {
  readonly type: 'table';
  readonly title: string;
  readonly caption?: string;
  /** The first column names the rows. */
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

export interface TableColumn {
  readonly label: string;
  /** @default 'text' for the first column, 'number' for the others */
  readonly format?: ValueFormat;
  readonly digits?: number;
  /** A bar behind each value, as long as its share of the largest (of 1 for percent). @default false */
  readonly bar?: boolean;
}

export interface TableRow {
  /** One per column; `null` where there is nothing to say, as the IoU of a class that does not occur. */
  readonly cells: readonly (string | number | null)[];
  /** The colour of this row's class in the pictures. */
  readonly colour?: Rgb;
  /** Set apart, as a mean or a sum. @default false */
  readonly total?: boolean;
}

/** One or more charts side by side. */
export interface CurvesSection {
  readonly type: 'curves';
  readonly title: string;
  readonly caption?: string;
  readonly charts: readonly Chart[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** @default 'linear' */
  readonly yScale?: 'linear' | 'log';
  /** How y's ticks are written. @default 'number' */
  readonly yFormat?: ValueFormat;
  /** Marked with a vertical line: the threshold that was chosen. */
  readonly mark?: { readonly x: number; readonly label: string };
}

export interface Series {
  readonly name: string;
  /** [x, y], in the order of x. Points that are not finite break the line, and the chart says how many there are. */
  readonly points: readonly (readonly [number, number])[];
  /** Draws a running mean over about this many points, with the points faint behind it. @default 1: none */
  readonly smooth?: number;
}

/** Rows of pictures with captions. */
export interface ImagesSection {
  readonly type: 'images';
  readonly title: string;
  readonly caption?: string;
  /** Which colour is which class. */
  readonly legend?: readonly { readonly label: string; readonly colour: Rgb }[];
  readonly rows: readonly ImageRow[];
  /** Pictures are made smaller to have at most this many pixels on their longest side. @default 320 */
  readonly side?: number;
}

export interface ImageRow {
  /** What the row shows, e.g. the photo's id. */
  readonly caption: string;
  readonly note?: string;
  readonly pictures: readonly Picture[];
}

interface PictureText {
  readonly caption: string;
  /** What a person would see, for those who cannot. @default the row's caption and the picture's */
  readonly alt?: string;
}

export type Picture = PhotoPicture | LabelsPicture | MapPicture;

/** A photo `[h, w, 3]`, or with transparency `[h, w, 4]`, 0..255. */
export interface PhotoPicture extends PictureText {
  readonly image: TensorLike;
}

/** A label map `[h, w]` of class indices. */
export interface LabelsPicture extends PictureText {
  readonly labels: TensorLike;
  /** RGB of the 256 indices. @default VOC_PALETTE */
  readonly palette?: Readonly<Uint8Array>;
  /** A photo `[h, w, 3]` that shines through: classes tinted, background dim and grey. @default none */
  readonly over?: TensorLike;
}

/** A map `[h, w]` or `[h, w, 1]` in 0..1, laid over a photo `[h, w, 3]`. */
export interface MapPicture extends PictureText {
  readonly map: TensorLike;
  readonly over: TensorLike;
}

/** Plain words: paragraphs, a list, a command to copy. */
export interface NotesSection {
  readonly type: 'notes';
  readonly title: string;
  readonly paragraphs?: readonly string[];
  readonly items?: readonly string[];
  readonly code?: string;
}

/** How long each step took, with its share of the whole. */
export interface TimingsSection {
  readonly type: 'timings';
  readonly title: string;
  readonly caption?: string;
  readonly steps: readonly { readonly name: string; readonly seconds: number; readonly note?: string }[];
}

/** Names and values. */
export interface SettingsSection {
  readonly type: 'settings';
  readonly title: string;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

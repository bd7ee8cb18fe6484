import { expect, test } from 'vitest';
import { classTable } from './class-table';
import { ConfusionMatrix } from './confusion-matrix';

const matrix = ConfusionMatrix.fromJSON({
  classes: 4,
  counts: [
    [80, 5, 0, 0],
    [10, 30, 0, 0],
    [1, 0, 7, 0],
    [0, 0, 0, 0],
  ],
});
const names = ['background', 'cat', 'dog|wolf, "grey"', 'sofa'];

test('as text', () => {
  expect(`\n${classTable(matrix, { names })}\n`).toMatchInlineSnapshot(`
    "
    class                IoU  accuracy  false positive  false negative  pixels
    background        83.3 %    94.1 %          11.5 %           5.2 %      85
    cat               66.7 %    75.0 %          11.1 %          22.2 %      40
    dog|wolf, "grey"  87.5 %    87.5 %           0.0 %          12.5 %       8
    sofa                   –         –               –               –       0
    --------------------------------------------------------------------------
    mean              79.2 %    85.5 %           7.5 %          13.3 %     133
    "
  `);
});

test('as Markdown', () => {
  expect(`\n${classTable(matrix, { names, format: 'markdown' })}\n`).toMatchInlineSnapshot(`
    "
    | class | IoU | accuracy | false positive | false negative | pixels |
    |---|---:|---:|---:|---:|---:|
    | background | 83.3 % | 94.1 % | 11.5 % | 5.2 % | 85 |
    | cat | 66.7 % | 75.0 % | 11.1 % | 22.2 % | 40 |
    | dog\\|wolf, "grey" | 87.5 % | 87.5 % | 0.0 % | 12.5 % | 8 |
    | sofa | – | – | – | – | 0 |
    | mean | 79.2 % | 85.5 % | 7.5 % | 13.3 % | 133 |
    "
  `);
});

test('as CSV', () => {
  expect(`\n${classTable(matrix, { names, format: 'csv' })}\n`).toMatchInlineSnapshot(`
    "
    class,IoU,accuracy,false positive,false negative,pixels
    background,0.8333333333333334,0.9411764705882353,0.11458333333333333,0.052083333333333336,85
    cat,0.6666666666666666,0.75,0.1111111111111111,0.2222222222222222,40
    "dog|wolf, ""grey""",0.875,0.875,0,0.125,8
    sofa,,,,,0
    mean,0.7916666666666666,0.8553921568627452,0.07523148148148147,0.13310185185185183,133
    "
  `);
});

test('without names, the indices', () => {
  expect(classTable(matrix).split('\n')[2]).toMatch(/^1 +66\.7 %/);
});

test('wrong arguments are named', () => {
  expect(() => classTable(matrix, { names: names.slice(1) })).toThrow(/`names` to hold 4 names/);
  expect(() => classTable(matrix, { format: 'html' as 'csv' })).toThrow(/`format`/);
  expect(() => classTable(new ConfusionMatrix({ classes: 2 }))).toThrow(/`total` to be positive/);
});

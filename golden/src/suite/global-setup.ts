import { foundCases } from './found-cases';

/** Stops the suite once, not in every file, where there is nothing to run. */
export default function setup(): void {
  foundCases();
}

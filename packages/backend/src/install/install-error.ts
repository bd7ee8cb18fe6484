import { BackendError } from '@wsss/core';

/** What is missing or went wrong, and what to do about it. */
export const installError = (problem: string, remedy?: string, cause?: unknown): BackendError =>
  new BackendError('tensorflow', problem, remedy, cause === undefined ? undefined : { cause });

const NETWORK =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|fetch failed|Retrying \(Retry|Failed to establish|ConnectionError|ConnectTimeout|Name or service not known|Temporary failure in name resolution|network is unreachable/i;
const DISK = /ENOSPC|No space left on device/i;

/** The reason in words, where what a program printed tells of the network or the disk. */
export function knownReason(text: string): { problem: string; remedy: string } | undefined {
  if (DISK.test(text)) {
    return { problem: 'the disk is full', remedy: 'About 1.5 GB are needed, 8 GB with --gpu' };
  }
  if (NETWORK.test(text)) {
    const remedy =
      'Check the connection, and the settings of npm (registry, proxy) and pip (index-url, proxy). ' +
      'Without a network: --wheel FILE takes a wheel of tensorflow-cpu that was brought here';
    return { problem: 'the network, or the registry, cannot be reached', remedy };
  }
  return undefined;
}

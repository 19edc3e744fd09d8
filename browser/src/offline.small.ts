// In the smallest bundle an event that waits for a connection does nothing else.

export interface OfflineOptions {
  maxBuffered?: number;
}

export function limit(o: OfflineOptions): number {
  return o.maxBuffered ?? Infinity;
}

export function kept(): void {}

export function gone(): void {}

export function restore(): void {}

// What is said about a refusal.

import { t } from "../i18n";
import type { Failure } from "../protocol";

export function explain(failure: Failure): string {
  const text = t.errors[failure.code] ?? t.errors.internal;
  return failure.retryAfter ? `${text} ${t.wait(Math.ceil(failure.retryAfter))}` : text;
}

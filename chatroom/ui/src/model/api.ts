// Signing in and out, over plain HTTP: the session is a cookie that no script can read.

import { Failure, lost } from "../protocol";
import type { User } from "../wire";

interface Session {
  ok: true;
  user: User | null;
}

async function call(method: string, body?: object): Promise<Session | Failure> {
  try {
    const response = await fetch("/session", {
      method,
      headers: body && { "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    return (await response.json()) as Session | Failure;
  } catch {
    return lost;
  }
}

export const whoAmI = () => call("GET");
export const signIn = (name: string) => call("POST", { name });
export const signOut = () => call("DELETE");

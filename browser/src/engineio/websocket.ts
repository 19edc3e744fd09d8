// Packets over a WebSocket: a text frame for each packet, a binary frame for a binary message.

import { decodeText, encodeRecord, encodeText, isText, Packet } from "./packet";
import { openWebSocket } from "./platform";
import { Transport, TransportError } from "./transport";

const problem = "websocket error";

export class WebSocketTransport extends Transport {
  ws?: WebSocket;

  get name(): string {
    return "websocket";
  }

  static available(o: { WebSocket?: unknown }): boolean {
    return !!(o.WebSocket || globalThis.WebSocket);
  }

  open(): void {
    const o = this._options;
    try {
      const ws = (this.ws = openWebSocket(this._url("ws", o.timestampRequests), o));
      ws.binaryType = "arraybuffer";
      ws.onopen = () => {
        this.writable = true;
        this._sink._opened();
      };
      ws.onmessage = ({ data }) =>
        this._take(() => (typeof data === "string" ? decodeText(data) : { type: "message", data }));
      ws.onerror = (e) => this._fail(new TransportError(problem, e));
      ws.onclose = (e) => this._sink._closed({ description: "websocket connection closed", context: e });
    } catch (err) {
      // A URL or sub-protocol that is refused; reported later, as every other failure is.
      queueMicrotask(() => this._fail(err, problem));
    }
  }

  send(packets: Packet[]): void {
    this.writable = false;
    void this._send(packets);
  }

  get _idle(): boolean {
    return this.writable && !this.ws!.bufferedAmount;
  }

  protected _stop(): void {
    this.ws?.close();
  }

  private async _send(packets: Packet[]): Promise<void> {
    try {
      for (const p of packets) {
        const frame = this._options.forceBase64 ? await encodeRecord(p) : isText(p.data) ? encodeText(p) : p.data;
        this.ws!.send(frame as ArrayBuffer);
      }
      await undefined; // told later, as of every other transport
    } catch (err) {
      // Bytes that were given away meanwhile, to a worker for instance.
      this._fail(err, problem);
    }
    this.writable = this.ws!.readyState === 1;
    if (this.writable) this._sink._drained();
  }
}

// Packets over a WebSocket: a text frame for each packet, a binary frame for a binary message.

import { Binary, decodeText, encodeRecord, encodeText, isText, Packet } from "./packet";
import { nobody, Transport, TransportError } from "./transport";

export class WebSocketTransport extends Transport {
  static readonly kind = "websocket";
  readonly name = WebSocketTransport.kind;
  private ws?: WebSocket;

  open(): void {
    const o = this.options;
    let ws: WebSocket;
    try {
      ws = this.ws = new WebSocket(this.url("ws", o.timestampRequests), o.protocols || []);
    } catch (err) {
      // A URL or sub-protocol that the browser refuses; reported later, as every other failure is.
      queueMicrotask(() => this.sink.closed(new TransportError("websocket error", err)));
      return;
    }
    ws.binaryType = "arraybuffer";
    ws.onopen = () => {
      this.writable = true;
      this.sink.opened();
    };
    ws.onmessage = (e) => {
      let p: Packet;
      try {
        p = typeof e.data === "string" ? decodeText(e.data) : { type: "message", data: e.data };
      } catch (err) {
        this.sink.closed(new TransportError("server error", err));
        return;
      }
      this.sink.packet(p);
    };
    ws.onerror = (e) => this.sink.closed(new TransportError("websocket error", undefined, e));
    ws.onclose = (e) => this.sink.closed({ description: "websocket connection closed", context: e });
  }

  send(packets: Packet[]): void {
    this.writable = false;
    if (this.options.forceBase64) void this.sendRecords(packets);
    else {
      for (const p of packets) this.sendFrame(isText(p.data) ? encodeText(p) : p.data);
      queueMicrotask(() => this.drained());
    }
  }

  get idle(): boolean {
    return this.writable && !this.ws!.bufferedAmount;
  }

  close(): void {
    this.sink = nobody;
    this.writable = false;
    this.ws?.close();
  }

  private async sendRecords(packets: Packet[]): Promise<void> {
    for (const p of packets) this.sendFrame(await encodeRecord(p));
    this.drained();
  }

  private sendFrame(frame: string | Binary): void {
    try {
      this.ws!.send(frame as ArrayBuffer);
    } catch (err) {
      // Bytes that were given away meanwhile, to a worker for instance.
      this.sink.closed(new TransportError("websocket error", err));
    }
  }

  private drained(): void {
    this.writable = this.ws!.readyState === 1;
    if (this.writable) this.sink.drained();
  }
}

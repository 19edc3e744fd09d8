// Packets over WebTransport: one stream both ways, each packet with its length in front (Engine.IO protocol 4,
// "WebTransport").

import { bytes, decodeText, encodeRecord, isText, malformed, Packet } from "./packet";
import { Transport } from "./transport";

// The first byte of a frame: the high bit says binary, the rest is the length, or that it follows in 2 or in 8 bytes.
const binaryBit = 128;
const length16 = 126;
const length64 = 127;

export class WebTransportTransport extends Transport {
  private _session: any;
  private _writer?: WritableStreamDefaultWriter<Uint8Array>;

  get name(): string {
    return "webtransport";
  }

  static available(): boolean {
    return "WebTransport" in globalThis;
  }

  open(): void {
    void this._run();
  }

  send(packets: Packet[]): void {
    this.writable = false;
    void this._write(packets);
  }

  protected _stop(): void {
    this._session?.close();
  }

  private async _run(): Promise<void> {
    const failed = (err: unknown) => this._fail(err, "webtransport error");
    try {
      const session = (this._session = new (globalThis as any).WebTransport(
        // There is none without TLS, and the stream says what a query would.
        this._url("http", false).replace(/\?.*/, "").replace(/^http:(\/\/[^\/]*?)(:80)?\//, "https:$1/"),
        this._options.transportOptions?.[this.name],
      ));
      session.closed.then(
        (info: unknown) => this._sink._closed({ description: "webtransport connection closed", context: info }),
        failed,
      );
      await session.ready;
      const stream = await session.createBidirectionalStream();
      this._writer = stream.writable.getWriter();
      void this._read(stream.readable.getReader());
      await this._frame({ type: "open", data: this.sid && JSON.stringify({ sid: this.sid }) });
      this.writable = true;
      this._sink._opened();
    } catch (err) {
      await undefined; // also when the very start failed, after which nobody listens yet
      failed(err);
    }
  }

  private async _write(packets: Packet[]): Promise<void> {
    try {
      for (const p of packets) await this._frame(p);
      this.writable = true;
      this._sink._drained();
    } catch (err) {
      this._fail(err, "webtransport error");
    }
  }

  private async _frame(p: Packet): Promise<void> {
    // An empty frame is none: an empty binary message goes as text, in base64.
    const binary = !isText(p.data) && (await bytes(p.data));
    const data = binary && binary.length ? binary : new TextEncoder().encode(await encodeRecord(p));
    const n = data.length;
    const more = n < length16 ? 0 : n < 65536 ? 2 : 8;
    const frame = new Uint8Array(1 + more + n);
    const view = new DataView(frame.buffer);
    frame[0] = (data === binary ? binaryBit : 0) | (more > 2 ? length64 : more ? length16 : n);
    if (more > 2) view.setBigUint64(1, BigInt(n));
    else if (more) view.setUint16(1, n);
    frame.set(data, 1 + more);
    return this._writer!.write(frame);
  }

  /** Reads frames to the end. */
  private async _read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    let rest = new Uint8Array(0);
    const take = async (n: number): Promise<Uint8Array<ArrayBuffer>> => {
      const chunks: BlobPart[] = [rest];
      for (let have = rest.length; have < n; ) {
        const { value, done } = await reader.read();
        if (done) return new Promise(() => {}); // the end of the session tells the rest
        chunks.push(value as Uint8Array<ArrayBuffer>);
        have += value.length;
      }
      if (chunks.length > 1) rest = new Uint8Array(await new Blob(chunks).arrayBuffer());
      const taken = rest.slice(0, n);
      rest = rest.subarray(n);
      return taken;
    };
    try {
      for (;;) {
        const head = (await take(1))[0];
        let n = head & 127;
        if (n === length16) n = new DataView((await take(2)).buffer).getUint16(0);
        else if (n === length64) n = Number(new DataView((await take(8)).buffer).getBigUint64(0));
        if (!n || n > this._limit) throw malformed();
        const data = await take(n);
        this._take(() =>
          head & binaryBit ? { type: "message", data: data.buffer } : decodeText(new TextDecoder().decode(data)),
        );
      }
    } catch (err) {
      this._fail(err);
    }
  }
}

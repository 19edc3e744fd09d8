// The MessagePack dialect: io(url, { parser: require("@socketio-go/client/msgpack") }). The server must speak it too.

export declare class Encoder {
  encode(packet: any): (string | Uint8Array)[];
}
export declare class Decoder {
  add(message: any): void;
  on(event: "decoded", fn: (packet: any) => void): this;
  destroy(): void;
}
export declare const protocol: number;
export declare const PacketType: any;

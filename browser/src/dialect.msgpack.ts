// The dialect that the bundle for MessagePack speaks unless the option parser says otherwise.

export { Decoder, Encoder } from "./msgpack/parser";

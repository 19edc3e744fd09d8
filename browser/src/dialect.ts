// The dialect of Socket.IO packets that is spoken unless the option parser says otherwise.

export { Decoder, Encoder } from "./parser";

// The entry for <script> with everything there is.

import { io } from "./io";
import { OfflineBuffer } from "./offline/buffer";
import { indexedDBStorage, webStorage } from "./offline/storage";

declare const expose: (io: unknown) => void;

expose(Object.assign(io, { OfflineBuffer, indexedDBStorage, webStorage }));

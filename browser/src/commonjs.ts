// The entry for require(): io itself, with everything else as its properties.

import * as all from "./index";

// @ts-expect-error The bundler makes CommonJS of this file; nothing else reads it.
export = Object.assign(all.io, all);

// The entry for <script>. What is around it when it is bundled hands io to the module loader, or makes it a global.

import { io } from "./io";

declare const expose: (io: unknown) => void;

expose(io);

// The tests, by the files of the reference that have their titles.

import binary from "./binary.mjs";
import connection from "./connection.mjs";
import engine from "./engine.mjs";
import process from "./process.mjs";
import retry from "./retry.mjs";
import socket from "./socket.mjs";

export const files = [connection, socket, retry, engine, binary, process];

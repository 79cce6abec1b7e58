import { createRequire } from "node:module";

/*
 * Azurite's table service in a process of its own, which ends with the one that started it however that ends:
 * its standard input is a pipe that breaks.
 */
process.stdin.on("end", () => process.exit(0)).resume();
createRequire(import.meta.url)("azurite/dist/src/table/main.js");

import { createRequire } from "node:module";

/*
 * Azurite's table service in a process of its own, which ends with the one that started it however that ends:
 * its standard input is a pipe that breaks.
 */
process.stdin.on("end", () => process.exit(0)).resume();
const load = createRequire(import.meta.url);

/*
 * A busy client uses a connection again after the five seconds that are the default, and writes in vain. Azurite's
 * option for that does nothing: it reads the value by a misspelled name.
 */
const { default: environment } = load(
	"azurite/dist/src/table/TableEnvironment.js",
);
environment.prototype.tableKeepAliveTimeout = () => 600;

load("azurite/dist/src/table/main.js");

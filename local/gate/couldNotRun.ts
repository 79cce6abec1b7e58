/** The gate could not give an answer at all: exit code 3. Its text says what to do. */
export class CouldNotRun extends Error {}

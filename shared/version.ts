/** That of package.json, which the bundle does not have beside its sources. A test keeps the two equal. */
export const programVersion = "1.0.0";

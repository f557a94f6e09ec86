// Holds values against the schemas of ./types.js: { schema, accepted, value } for each, in cases.json.

import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as types from "./types.js";

const cases = JSON.parse(readFileSync("cases.json", "utf8"));
for (const { schema, accepted, value } of cases) {
  if (!(schema in types)) throw new Error(`there is no ${schema}`);
  const result = types[schema].safeParse(value);
  const said = result.success ? "accepted" : `refused: ${result.error.message}`;
  if (result.success !== accepted) {
    console.log(`${schema} ${JSON.stringify(value)} ${said}`);
    process.exitCode = 1;
  } else if (accepted && !isDeepStrictEqual(result.data, value)) {
    console.log(`${schema} ${JSON.stringify(value)} becomes ${JSON.stringify(result.data)}`);
    process.exitCode = 1;
  }
}
console.log(`${cases.length} cases`);

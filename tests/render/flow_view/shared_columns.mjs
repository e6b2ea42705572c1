// Answers about columns: node shared_columns.mjs FOLDER COLUMNS NAMES, in JSON.

import { pathToFileURL } from "node:url";

const [folder, columns, names] = process.argv.slice(2);
const { inColumns, onSide } = await import(pathToFileURL(`${folder}/shared_columns.js`));
const given = JSON.parse(columns);
console.log(JSON.stringify(JSON.parse(names).map((name) => [0, 1].map((side) => {
  const laid = inColumns(given, name, side);
  return [laid, onSide(given, name, side), laid && onSide(given, laid, side)];
}))));

// nlp.js: `node nlpjs.js train DATA FOLDER`, `node nlpjs.js serve FOLDER`.
// All settings are its defaults. The protocol is that of protocol.py.
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { NlpManager } = require("node-nlp");

const LANGUAGES = ["en", "de"];
const UNSURE = "nlu_fallback";

const newManager = () => new NlpManager({ languages: LANGUAGES, autoSave: false });
const modelIn = (folder) => path.join(folder, "model.nlp");
const named = (intent) => (intent === "None" ? UNSURE : intent);

async function train(data, folder) {
  const manager = newManager();
  for (const line of fs.readFileSync(data, "utf8").trim().split("\n")) {
    const { text, lang, intent } = JSON.parse(line);
    for (const language of lang ? [lang] : LANGUAGES) manager.addDocument(language, text, intent);
  }
  await manager.train();
  manager.save(modelIn(folder), true);
}

async function serve(folder) {
  const manager = newManager();
  manager.load(modelIn(folder));
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { text, lang } = JSON.parse(line);
    // Without a language it guesses one, from what it was trained on too.
    const { intent, classifications } = await (lang ? manager.process(lang, text) : manager.process(text));
    const ranking = classifications.map((found) => [named(found.intent), found.score]);
    process.stdout.write(JSON.stringify({ ranking, predicted: named(intent) }) + "\n");
  }
}

const [mode, ...rest] = process.argv.slice(2);
({ train, serve })[mode](...rest);

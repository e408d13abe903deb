// Uses the playground in a browser: reads a command a line, {"do": ..., ...}, and answers with a line of JSON.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [address, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1300, height: 1400 } });
page.setDefaultTimeout(15_000);
await page.goto(address);
const box = page.locator("[role=textbox][contenteditable=true]").first();

const commands = {
  async say({ text }) {
    await box.click();
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  },
  async mention({ text, post }) {
    await box.click();
    await page.keyboard.type("@Test");
    await page.getByText("Test Bot", { exact: true }).last().click();
    await page.keyboard.type(` ${text}`);
    await (post ? page.getByRole("button", { name: "Post" }).click() : page.keyboard.press("Enter"));
  },
  async press({ title }) {
    await page.getByRole("button", { name: title }).last().click();
  },
  // Opens a conversation that is still empty.
  async open({ name }) {
    await page.getByText(name, { exact: true }).last().click();
    await page.getByText("Getting Started", { exact: true }).waitFor();
  },
  // The bot's messages that are shown, with their buttons and the tags of their markup.
  async read() {
    return page.locator(".fai-OutputCard, .ac-adaptiveCard").evaluateAll((cards) =>
      cards.map((card) => ({
        text: card.innerText,
        buttons: [...card.querySelectorAll(".ac-actionSet button")].map((button) => button.innerText),
        tags: [...new Set([...card.querySelectorAll("li, strong, a")].map((tag) => tag.tagName.toLowerCase()))].sort(),
      })),
    );
  },
  // What went over the wire, with the text of messages that are no cards.
  async log() {
    return page.evaluate(() => document.body.innerText.split("Log Panel").at(-1));
  },
  async screenshot({ path }) {
    await page.screenshot({ path });
  },
};

await box.waitFor();
console.log(JSON.stringify("ready"));
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    console.log(JSON.stringify((await commands[command.do](command)) ?? null));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await browser.close();

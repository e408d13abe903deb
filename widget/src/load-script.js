/** Adds a script of ours to the page; with the nonce, pages that allow scripts by nonce allow this one too. */
export function loadScript(src, nonce = '') {
  const script = document.createElement('script');
  Object.assign(script, { src, nonce, async: true });
  return new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = () => {
      script.remove();
      reject(new Error(`${src} did not load`));
    };
    document.head.append(script);
  });
}

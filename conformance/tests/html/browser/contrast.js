// Texts and shapes whose contrast is below that of WCAG 2.2, level AA (1.4.3 and 1.4.11).
() => {
  const channels = (text) => {
    const match = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text);
    if (!match) throw new Error(`not a colour that is understood here: ${text}`);
    return [1, 2, 3].map((index) => Number(match[index])).concat(Number(match[4] ?? 1));
  };
  const over = (front, back) =>
    [0, 1, 2].map((index) => front[index] * front[3] + back[index] * (1 - front[3])).concat(1);
  const ground = (element) => {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      layers.push(channels(getComputedStyle(node).backgroundColor));
    }
    return layers.reverse().reduce((back, front) => over(front, back), [255, 255, 255, 1]);
  };
  const luminance = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const poor = [];
  let judged = 0;
  const judge = (element, colour, least, what) => {
    judged += 1;
    const back = ground(element);
    const ratio = contrast(over(channels(colour), back), back);
    if (ratio < least) poor.push(`${ratio.toFixed(2)} < ${least}: ${what}`);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.closest("script, style, .sr")) {
      continue;
    }
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    judge(element, style.color, large ? 3 : 4.5, `${element.className} ${node.data.trim()}`);
  }
  for (const shape of document.querySelectorAll("circle, .course, .length, .bar .good, .plot .limit")) {
    const style = getComputedStyle(shape);
    const colours = [style.fill, style.stroke].filter((one) => one !== "none").map(channels);
    const back = ground(shape.closest("td, th, li, div, figure"));
    const best = Math.max(...colours.map((colour) => contrast(over(colour, back), back)));
    judged += 1;
    if (best < 3) poor.push(`${best.toFixed(2)} < 3: ${shape.outerHTML}`);
  }
  for (const control of document.querySelectorAll("button, input, select")) {
    if (!control.checkVisibility()) continue;
    judge(control.parentElement, getComputedStyle(control).borderTopColor, 3, control.outerHTML);
  }
  return { judged, poor };
}

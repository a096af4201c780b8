// Read tunes with abcjs and print what it understood. Run by abcjs.py as
//
//     node -e SCRIPT FOLDER [version]
//
// abcjs is looked for in FOLDER/node_modules and in the folders above. With `version`, print the
// version of abcjs. Otherwise read a JSON list of tunes from stdin and print a JSON list of
// {warnings, voices} or {error}, one for each tune. A voice is a list of
//
//     ["note", length in whole notes]       rests too; tuplets applied, grace notes left out
//     ["meter", numerator, denominator]     0, 0 if bars are free
//     ["bar", abcjs's name of the bar line, whether an ending begins]

const [, folder, wanted] = process.argv;
const abcjs = require(require.resolve("abcjs", { paths: [folder] }));

function meterOf(item) {
  if (item.type === "common_time" || item.type === "cut_time") return ["meter", 1, 1];
  if (item.type !== "specified") return ["meter", 0, 0];
  // Several fractions, such as 2/4 3/4: the bars alternate, and are not checked.
  if (item.value.length !== 1) return ["meter", 0, 0];
  const beats = item.value[0].num.replace(/[()]/g, "").split("+").map(Number);
  return ["meter", beats.reduce((sum, beat) => sum + beat, 0), Number(item.value[0].den || 1)];
}

function read(text) {
  const tune = abcjs.parseOnly(text)[0];
  if (!tune) return { error: "it finds no tune" };
  const voices = new Map();
  for (const line of tune.lines) {
    (line.staff || []).forEach((staff, staffIndex) => staff.voices.forEach((items, voiceIndex) => {
      const name = staffIndex + "," + voiceIndex;
      if (!voices.has(name)) voices.set(name, []);
      const voice = voices.get(name);
      if (staff.meter) voice.push(meterOf(staff.meter));
      let factor = 1;
      for (const item of items) {
        if (item.el_type === "note") {
          if (item.startTriplet) factor = item.tripletMultiplier;
          const silent = item.rest && item.rest.type === "spacer";
          if (!silent) voice.push(["note", item.duration * factor || 0]);
          if (item.endTriplet) factor = 1;
        } else if (item.el_type === "bar") {
          voice.push(["bar", item.type, Boolean(item.startEnding)]);
        } else if (item.el_type === "meter") {
          voice.push(meterOf(item));
        }
      }
    }));
  }
  return { warnings: tune.warnings || [], voices: [...voices.values()] };
}

function readOrFail(text) {
  try {
    return read(text);
  } catch (error) {
    return { error: String(error) };
  }
}

if (wanted === "version") {
  console.log(String(abcjs.signature).replace(/^\D*/, "") || "unknown");
} else {
  const tunes = JSON.parse(require("fs").readFileSync(0, "utf8"));
  // abcjs may have printed something: the answer is the last line.
  process.stdout.write("\n" + JSON.stringify(tunes.map(readOrFail)) + "\n");
}

// Every text of the page, so that other languages can be added beside it.

export const texts = {
	help: "Keys (?)", compose: "Compose", tonic: "Key", mode: "Mode", rhythm: "Rhythm",
	meter: "Metre", form: "Bars of parts", chords: "Chords", title: "Title",
	boldness: "Boldness (tame to wild)", seed: "Seed", count: "How many",
	opening: "Opening", piano: "Play it",
	pianoKeys: "A S D F… are white keys, C first; W E T Y… black ones. 1–8: eighths of a note. Space: rest. Backspace: take back. Z, X: lower, higher.",
	network: "Network", rise: "Speed up", countIn: "Count in",
	metronome: "Metronome", simplify: "Simplify", ornament: "Ornament", progress: "Done so far",
	lessons: "Train", learnFrom: "Learn from a tunebook (ABC; drop it here)", learnName: "Name",
	learn: "Train", curves: "Losses of each epoch: learned, and held out", firstNetwork: "the first",
	canLearn: (good, bad) => `${good} tunes can be learned from${bad ? `; ${bad} cannot, for the reasons listed` : ""}.`,
	learned: (name, row, epochs, running) =>
		row
			? `${name}: epoch ${row.epoch} of ${epochs}, ${row.bits} bits a character${running ? "…" : ". Choose a network where you compose."}`
			: `${name}: ${running ? "begins…" : "nothing was learned."}`,
	any: "any", withChords: "with", withoutChords: "without",
	book: "Book", search: "Search", import: "Import", export: "Export",
	versions: "Versions", tags: "Tags", remove: "Remove from the book", untitled: "Untitled",
	score: "Score", tools: "Play and keep", play: "Play", stop: "Stop", tempo: "Tempo",
	instrument: "Voice", loop: "Loop", undo: "Undo", redo: "Redo", save: "Save",
	scoreLabel: "Score. Arrow keys go from bar to bar, Enter marks a bar, Shift and arrow keys mark several",
	changes: "Change", redraw: "Rewrite marked bars", vary: "Vary", answer: "Answer",
	goOn: "Go on from here", lock: "Lock", surprise: "Surprise", nearest: "Nearest tune",
	transpose: "Move to", alternatives: "Choices",
	choice: "Choose one", keep: "Keep", close: "Close",
	text: "Text", textLabel: "The tune in ABC", take: "Download and share", link: "Copy a link",
	print: "Print", keys: "Keys",
	stopped: "Stopped.", openingNeeds: "An opening needs a key and a metre: choose both.",
	working: "Working…", ready: "Ready.", saved: "Saved in the book.", copied: "The link is copied.",
	noTune: "There is no tune: compose one, or open one from the book.",
	noLink: "This link holds no whole tune. Copy all of it.",
	noMarks: "Click a bar, or drag over bars, to mark them; click a note to hear it.",
	noBars: "The bars of this spelling cannot be rewritten. Whatever you compose can.",
	noOthers: "The network wrote nothing else for these bars.",
	lost: "The studio does not answer. Is it still running?",
	noNear: "No learned tune shares a run of 8 notes with it.",
	taken: (good, bad) => `${good} tunes imported${bad ? `, ${bad} could not be read` : ""}.`,
	near: (m) => `Nearest: ${m.title} (${m.source}, X:${m.number}). A run of ${m.notes} of ${m.of_notes} notes is the same.`,
	bar: (n) => (n ? `bar ${n}` : "pickup"),
	barState: (n, marked, locked) => `${texts.bar(n)}${marked ? ", marked" : ""}${locked ? ", locked" : ""}`,
	marks: (marked, locked) =>
		[marked && `Marked: ${marked}.`, locked && `Locked: ${locked}.`].filter(Boolean).join(" "),
	other: (n) => `Choice ${n}`,
	bits: (n, bits) => `${texts.bar(n)}: ${bits.toFixed(1)} bits`,
};

// Keys and what they do; `main.js` gives each its action.
export const keyTexts = {
	c: "compose", " ": "play or stop", ArrowLeft: "bar before", ArrowRight: "bar behind",
	Enter: "mark or unmark the bar", Escape: "unmark all, stop", r: "rewrite marked bars",
	v: "vary", i: "simplify", o: "ornament", m: "metronome", k: "loop", a: "answer the marked bars", g: "go on from the marked bar", l: "lock or unlock",
	1: "keep choice 1, 2, …", u: "undo", y: "redo", s: "save", b: "search the book",
	t: "edit the text", "?": "these keys",
};
export const keyNames = { " ": "Space", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", 1: "1–8" };

// What can be asked of a tune.
export const choices = {
	tonic: "C C# Db D Eb E F F# Gb G Ab A Bb B".split(" "),
	mode: { "": "major", m: "minor", dor: "dorian", mix: "mixolydian", phr: "phrygian", lyd: "lydian",
		loc: "locrian" },
	meter: "2/4 3/4 4/4 C C| 2/2 6/8 9/8 12/8 3/2 5/4 7/8".split(" "),
	rhythm: "air,barndance,double jig,fling,hornpipe,jig,lament,march,mazurka,minuet,polka,quickstep,reel,schottische,set dance,single jig,slide,slip jig,song,strathspey,three-two,waltz".split(","),
	instrument: { violin: "fiddle", flute: "flute", piccolo: "whistle", accordion: "accordion",
		"tango accordion": "concertina", bagpipe: "pipes", harp: "harp",
		"nylon guitar": "guitar", banjo: "banjo", "acoustic grand piano": "piano" },
};

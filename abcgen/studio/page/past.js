// What was there before, for undo and redo.

export class Past {
	constructor() {
		this.states = [];
		this.place = -1;
	}

	get now() {
		return this.states[this.place];
	}

	add(state) {
		this.states.splice(this.place + 1, Infinity, state);
		this.place = this.states.length - 1;
	}

	step(by) {
		if (!this.can(by)) return false;
		this.place += by;
		return true;
	}

	can(by) {
		return Boolean(this.states[this.place + by]);
	}

	// The version of the book that the tune on the desk was made from, if it is of that tune.
	parent(tune) {
		const before = this.states.slice(0, this.place + 1).reverse();
		return before.find((state) => state.tune === tune && state.version)?.version;
	}
}

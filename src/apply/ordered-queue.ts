/** Numbers that come out smallest first; most are added in that order already, which costs nothing. */
export class OrderedQueue {
  #items: number[] = []
  #head = 0

  add(item: number): void {
    let low = this.#head
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#items[middle] ?? 0) < item) low = middle + 1
      else high = middle
    }
    this.#items.splice(low, 0, item)
  }

  /** Removes and gives the smallest item that fits. */
  take(fits: (item: number) => boolean = () => true): number | undefined {
    for (let index = this.#head; index < this.#items.length; index += 1) {
      const item = this.#items[index]
      if (item === undefined || !fits(item)) continue
      if (index === this.#head) this.#head += 1
      else this.#items.splice(index, 1)
      this.#shrink()
      return item
    }
    return undefined
  }

  /** Drops what was taken from the front, seldom enough to cost little for each item. */
  #shrink(): void {
    if (this.#head < 1024 || this.#head * 2 < this.#items.length) return
    this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }
}

/// Which clips an epoch of training goes through, and in which order: a function of the seed and the epoch.
struct EpochOrder {
    let seed: UInt64
    let epoch: Int
    /// How many different views of a clip there are; as many as there are epochs where nil.
    let views: Int?

    /// Each clip once, in random order.
    func once(_ items: [Int]) -> [ClipDraw] { drawn(items) }

    /// As many clips as there are, the same number of each class (one more of some, where that does not divide).
    ///
    /// A frequent class's clips take turns over the epochs; a rare class's come several times in one, each time as
    /// another view. A clip of several classes is drawn for each of them; clips of none are a class too.
    /// - Parameter labels: the classes of a clip.
    func balanced(_ items: [Int], labels: (Int) -> [Int]) -> [ClipDraw] {
        var members: [Int: [Int]] = [:]
        for item in items {
            let own = labels(item)
            for label in own.isEmpty ? [-1] : own { members[label, default: []].append(item) }
        }
        let classes = members.keys.sorted()
        var chosen: [Int] = []
        for (index, label) in classes.enumerated() {
            let quota = items.count * (index + 1) / classes.count - items.count * index / classes.count
            chosen += turn(members[label] ?? [], label: label, count: quota)
        }
        return drawn(chosen)
    }

    /// Each clip twice, as two views; with `plays` of one playback, which is drawn anew each epoch.
    func pairs(_ items: [Int], plays: Bool) -> [(ClipDraw, ClipDraw)] {
        drawn(items).map { draw in
            var random = SeededRandom(
                seed: seed, 0x50_4C_4159, UInt64(bitPattern: Int64(epoch)), UInt64(bitPattern: Int64(draw.item)))
            let playback = plays ? Playback.allCases[random.integer(below: Playback.allCases.count)] : nil
            func view(_ half: Int) -> ClipDraw {
                ClipDraw(item: draw.item, view: 2 * epoch + half, playback: playback)
            }
            return (view(0), view(1))
        }
    }

    /// `count` clips from where the last epoch left off in an endless row of random orders of `items`.
    private func turn(_ items: [Int], label: Int, count: Int) -> [Int] {
        guard !items.isEmpty else { return [] }
        var (order, number): ([Int], Int?) = ([], nil)
        return (epoch * count..<(epoch + 1) * count).map { place in
            if place / items.count != number {
                number = place / items.count
                var random = SeededRandom(
                    seed: seed, 0x42_414C, UInt64(bitPattern: Int64(label)), UInt64(place / items.count))
                order = random.shuffled(items)
            }
            return order[place % items.count]
        }
    }

    /// In random order; a clip that comes again is another view.
    private func drawn(_ items: [Int]) -> [ClipDraw] {
        var random = SeededRandom(seed: seed, 0x4F_5244_4552, UInt64(bitPattern: Int64(epoch)))
        var seen: [Int: Int] = [:]
        return random.shuffled(items).map { item in
            let repetition = seen[item, default: 0]
            seen[item] = repetition + 1
            // Beyond any epoch's number, where the views are not counted.
            return ClipDraw(item: item, view: views.map { (epoch + repetition) % $0 } ?? epoch + repetition << 32)
        }
    }
}

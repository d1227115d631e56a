internal import Foundation

extension Checks {
    /// How many clips there are of each class.
    mutating func checkClasses() {
        var counts = [Int](repeating: 0, count: manifest.classes.count)
        for (clip, _) in known {
            for label in manifest.items[clip].labels where counts.indices.contains(label) { counts[label] += 1 }
        }
        guard counts.count > 1 || manifest.isMultiLabel else {
            problems.append(
                Problem(
                    .oneClass, .error, "there is only one class",
                    advice:
                        "With a single class there is nothing to tell apart: add a folder, or lines, of what it is not."
                ))
            return
        }
        let few = counts.indices.filter { counts[$0] < 10 }
        if !few.isEmpty {
            let names = few.prefix(12).map { "\(manifest.classes[$0]) (\(counts[$0]))" }.joined(separator: ", ")
            let rest = few.count > 12 ? " and \(few.count - 12) more" : ""
            problems.append(
                Problem(
                    .fewClips, .warning,
                    few.count == 1
                        ? "1 class has fewer than 10 clips" : "\(few.count) classes have fewer than 10 clips",
                    advice:
                        "\(names)\(rest). Neither training nor a figure for such a class can be trusted: add clips, "
                        + "or join classes."))
        }
        if let most = counts.max(), let least = counts.filter({ $0 > 0 }).min(), most >= 5 * least {
            let (large, small) = (counts.firstIndex(of: most) ?? 0, counts.firstIndex(of: least) ?? 0)
            problems.append(
                Problem(
                    .imbalance, .warning, "the largest class has \(most / least) times as many clips as the smallest",
                    advice:
                        "\(manifest.classes[large]) has \(most), \(manifest.classes[small]) has \(least). 'sora train "
                        + "--balance auto' makes up for it; go by macro F1 and balanced accuracy, not by accuracy."))
        }
    }

    /// What tells the class without looking at a picture: networks find it, and learn it instead.
    mutating func checkGiveaways() {
        let single = known.filter { manifest.items[$0.clip].labels.count == 1 }
        guard single.count >= 20, manifest.classes.count > 1 else { return }
        let labels = single.map { manifest.items[$0.clip].labels[0] }
        func share(_ groups: [[Int]]) -> Double {
            let right = groups.map { group in
                // Rare values fit by chance: they are counted as guessed with the rest.
                Dictionary(group.map { ($0, 1) }, uniquingKeysWith: +).values.max() ?? 0
            }
            return Double(right.reduce(0, +)) / Double(max(labels.count, 1))
        }
        let chance = share([labels])
        let properties: [(name: String, value: (ClipFacts) -> String)] = [
            ("the size", { "\($0.width)x\($0.height)" }),
            ("the frame rate", { String(format: "%.1f frames/s", $0.rate) }),
            ("the length", { String(format: "%.0f tenths of a second", $0.seconds * 10) }),
            ("the codec", \.codec), ("whether there is sound", { $0.hasAudio ? "sound" : "no sound" }),
        ]
        for (name, value) in properties {
            var groups: [String: [Int]] = [:]
            for (label, entry) in zip(labels, single) { groups[value(entry.facts), default: []].append(label) }
            let rare = groups.values.filter { $0.count < 5 }.flatMap(\.self)
            let told = share(groups.values.filter { $0.count >= 5 } + [rare])
            guard told >= 0.75, told - chance >= 0.2 else { continue }
            problems.append(
                Problem(
                    .giveaway, .warning,
                    "\(name) alone tells the class of \(Int((100 * told).rounded())) % of the clips",
                    advice: String(format: "Guessing gives %.0f %%. ", 100 * chance)
                        + "The classes come from different sources, which a network may learn to tell apart instead of "
                        + "what the clips show: bring all to one form, or get clips of every class from each source."))
        }
    }

    /// Groups that the manifest gives and its split does not heed.
    mutating func checkGroups() {
        var parts: [String: Set<String>] = [:]
        var members: [String: [Int]] = [:]
        for (index, item) in manifest.items.enumerated() {
            guard let group = item.group, let part = item.part else { continue }
            parts[group, default: []].insert(part.rawValue)
            members[group, default: []].append(index)
        }
        let torn = parts.filter { $0.value.count > 1 }.keys.sorted()
        guard !torn.isEmpty else { return }
        let places = torn.flatMap { group in
            (members[group] ?? []).map { clip in
                Problem.Place(
                    clip: clip, path: manifest.items[clip].path,
                    detail: "group \(group), \(manifest.items[clip].part?.word ?? "")")
            }
        }
        problems.append(
            Problem(
                .groupAcrossSplit, .error,
                Self.count(torn.count, "group", ("is", "are")) + " on both sides of the split",
                advice:
                    "What shares a scene or a recording is judged by what was trained with, and the accuracy is too "
                    + "good. Take the split that is proposed here.",
                places: places))
    }
}

extension Split.Part {
    /// As manifests write it.
    var word: String {
        switch self {
        case .training: "train"
        case .validation: "val"
        case .test: "test"
        }
    }
}

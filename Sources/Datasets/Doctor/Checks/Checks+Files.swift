internal import Foundation

extension Checks {
    /// What is not there, does not decode, or is not a video.
    mutating func checkFiles() {
        if !manifest.missing.isEmpty {
            let places = manifest.missing.map { Problem.Place(clip: nil, path: $0, detail: "there is no such file") }
            problems.append(
                Problem(
                    .missing, .error, Self.count(places.count, "file", ("is not there", "are not there")),
                    advice: "Correct the paths, which are taken from the manifest's folder, or remove the lines.",
                    places: places))
        }
        let bad = clips.indices.filter { clips[$0].facts == nil }
        if !bad.isEmpty {
            let places = bad.map { clip in
                let (path, error) = (manifest.items[clip].path, clips[clip].error ?? "")
                let detail = error.hasPrefix(path + ": ") ? String(error.dropFirst(path.count + 2)) : error
                return Problem.Place(clip: clip, path: path, detail: detail)
            }
            problems.append(
                Problem(
                    .unreadable, .error, Self.count(bad.count, "clip", ("cannot be read", "cannot be read")),
                    advice:
                        "Copy or download these files again. Training leaves them out, and so does the proposed manifest.",
                    places: places))
        }
        if manifest.skippedCount > 0 {
            problems.append(
                Problem(
                    .notVideos, .note,
                    Self.count(manifest.skippedCount, "file", ("is left out", "are left out"))
                        + ": hidden, or no video",
                    advice: "Videos are told by their extensions: \(FileSystem.videoExtensionList)."))
        }
        add(
            .damaged, .warning, ("is damaged", "are damaged"),
            advice: "In training the last good frame stands for each damaged one. Copy or download the files again, or "
                + "remove those of which much is lost."
        ) { facts in
            guard facts.damagedFrames > 0 else { return nil }
            let all = max(facts.frames, facts.damagedFrames)
            return "\(facts.damagedFrames) of \(all) frames are damaged or lost"
        }
    }

    /// What shows nothing, or nothing that moves.
    mutating func checkPictures() {
        func share(_ part: Int, _ facts: ClipFacts) -> Double { Double(part) / Double(max(facts.frames, 1)) }
        func percent(_ share: Double) -> String { "\(Int((100 * share).rounded(.down))) %" }
        add(
            .black, .warning, ("is black", "are black"),
            advice:
                "There is nothing in them to learn but their label. Remove them, unless darkness is what you look for."
        ) { share($0.blackFrames, $0) >= 0.9 ? "\(percent(share($0.blackFrames, $0))) of its frames are black" : nil }
        add(
            .partlyBlack, .note, ("is black for a part", "are black for a part"),
            advice: "Give a start and an end for them in the manifest, if the black part is an intro or an end."
        ) {
            (0.25..<0.9).contains(share($0.blackFrames, $0))
                ? "\(percent(share($0.blackFrames, $0))) of its frames are black" : nil
        }
        let limits = limits
        func stands(_ facts: ClipFacts) -> Double? {
            // What is black throughout stands still as well: one problem is enough.
            // So do a few frames; those clips are short.
            guard facts.frames >= limits.fewestFrames, share(facts.blackFrames, facts) < 0.9 else { return nil }
            return share(facts.frozenFrames, facts)
        }
        add(
            .frozen, .warning, ("is frozen", "are frozen"),
            advice:
                "Nothing moves in them: recordings that hang, or still pictures. Remove them, unless standing still is "
                + "what you look for."
        ) { facts in
            stands(facts).flatMap { $0 >= 0.9 ? "the same picture for \(percent($0)) of its frames" : nil }
        }
        add(
            .partlyFrozen, .note, ("stands still for a part", "stand still for a part"),
            advice: "Look at them: a recording may have hung. A start and an end in the manifest keep the rest."
        ) { facts in
            guard let still = stands(facts), (0.5..<0.9).contains(still), still * facts.seconds >= 1 else { return nil }
            return "the same picture for \(String(format: "%.1f", still * facts.seconds)) s on end"
        }
        add(
            .short, .warning, ("is very short", "are very short"),
            advice:
                "A clip of fewer frames than the network takes repeats them. Remove clips that show nothing of their "
                + "class, or train with fewer --frames."
        ) { facts in
            facts.seconds < limits.shortest - 1e-6 || facts.frames < limits.fewestFrames
                ? String(format: "%d frames, %.2f s", facts.frames, facts.seconds) : nil
        }
    }

    /// What is unlike the rest: sizes, rates, lengths, sound.
    mutating func checkShapes() {
        add(
            .variableRate, .note, ("has a variable frame rate", "have a variable frame rate"),
            advice:
                "Nothing to do: frames are chosen by their index. Where the speed of a motion matters, re-encode at a "
                + "fixed rate."
        ) { $0.variableRate ? String(format: "%.2f frames/s on average", $0.rate) : nil }
        func mostCommon<Value: Hashable & Comparable>(_ values: [Value]) -> (value: Value, share: Double)? {
            let counts = Dictionary(values.map { ($0, 1) }, uniquingKeysWith: +)
            return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }.map {
                ($0.key, Double($0.value) / Double(values.count))
            }
        }
        func size(_ facts: ClipFacts) -> String { "\(facts.width)x\(facts.height)" }
        func rate(_ facts: ClipFacts) -> Int { Int((facts.rate * 10).rounded()) }
        let all = known.map(\.facts)
        if let (common, share) = mostCommon(all.map(size)), share >= 0.6, share < 1 {
            add(
                .oddSize, .note, ("is of another size than most", "are of other sizes than most"),
                advice: "Most clips are \(common). All are fitted to the network's size; look whether these are from "
                    + "another source, or turned."
            ) { size($0) == common ? nil : "\(size($0)) pixels" }
        }
        if let (common, share) = mostCommon(all.filter { $0.rate > 0 }.map(rate)), share >= 0.6, share < 1 {
            add(
                .oddRate, .note, ("has another frame rate than most", "have other frame rates than most"),
                advice: String(format: "Most clips have %.1f frames/s. ", Double(common) / 10)
                    + "Frames are chosen by their index, so the same motion looks faster or slower in these."
            ) {
                $0.rate > 0 && abs(rate($0) - common) > max(1, common / 50)
                    ? String(format: "%.2f frames/s", $0.rate) : nil
            }
        }
        let lengths = all.map(\.seconds).sorted()
        if !lengths.isEmpty {
            let median = lengths[lengths.count / 2]
            add(
                .oddDuration, .note, ("is far from the usual length", "are far from the usual length"),
                advice: String(format: "The median is %.1f s. ", median)
                    + "The same number of frames is taken of each clip: motion looks faster in long ones."
            ) { $0.seconds > 3 * median || $0.seconds * 3 < median ? String(format: "%.2f s", $0.seconds) : nil }
        }
        let heard = all.count(where: \.hasAudio)
        if heard > 0, heard < all.count {
            problems.append(
                Problem(
                    .sound, .note, "\(heard) of \(all.count) clips have sound",
                    advice: "Nothing to do: only the pictures are looked at."))
        }
    }
}

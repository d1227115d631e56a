import Datasets
import Foundation
import Media
import Testing

@Suite("ClipLoader")
struct ClipLoaderTests {
    static let augmentation = Augmentation(
        randomCrop: true, flipProbability: 0.5, brightness: 0.1, contrast: 0.2, temporalJitter: 1)

    func loader(
        _ manifest: Manifest, frames: Int = 4, height: Int = 12, width: Int = 20,
        augmentation: Augmentation = augmentation,
        seed: UInt64 = 7, cache: Int = 1 << 30, threads: Int = 2
    ) -> ClipLoader {
        ClipLoader(
            manifest: manifest, specification: .init(frames: frames, height: height, width: width),
            augmentation: augmentation, seed: seed, resources: .init(cacheBudget: cache, threads: threads))
    }

    @Test func batchesAreAFunctionOfSeedAndEpoch() throws {
        let folder = try DatasetFolder()
        let manifest = try folder.manifest(count: 7)
        let items = Array(0..<7)
        func epoch(_ loader: ClipLoader, _ number: Int, from step: Int = 0) -> [ClipBatch] {
            Array(loader.batches(of: items, size: 3, mode: .training, epoch: number, startingAt: step))
        }
        let first = loader(manifest)
        let cold = epoch(first, 1)
        #expect(cold.map(\.count) == [3, 3, 1])
        #expect(cold.map(\.step) == [0, 1, 2])
        #expect(cold.flatMap(\.clipIndices).sorted() == items)
        #expect(cold[0].frames.count == 3 * 4 * 12 * 20 * 3)
        #expect(cold.allSatisfy { $0.labels == $0.clipIndices.map { manifest.items[$0].labels } })
        // From the cache, by other numbers of threads, without a cache, and resumed: the same bytes.
        let others = [
            epoch(first, 1), epoch(loader(manifest, threads: 5), 1), epoch(loader(manifest, cache: 0, threads: 1), 1),
        ]
        for other in others {
            #expect(other.map(\.frames) == cold.map(\.frames))
            #expect(other.map(\.clipIndices) == cold.map(\.clipIndices))
        }
        let resumed = epoch(loader(manifest), 1, from: 1)
        #expect(resumed.map(\.step) == [1, 2])
        #expect(resumed.map(\.frames) == cold.dropFirst().map(\.frames))
        #expect(epoch(first, 1, from: 9).isEmpty)
        let next = epoch(first, 2)
        #expect(next.map(\.frames) != cold.map(\.frames))
        #expect(epoch(loader(manifest, seed: 8), 1).map(\.clipIndices) != cold.map(\.clipIndices))
        // A clip alone is the clip in its batch.
        #expect(try Array(cold[2].frames) == first.clip(cold[2].clipIndices[0], mode: .training, view: 1))
    }

    @Test func evaluationIsTheRequestThatClassificationMakes() throws {
        let folder = try DatasetFolder()
        let manifest = try folder.manifest(count: 3, frames: 13)
        for fit in ClipSpecification.Fit.allCases {
            // With jitter, three times the frames are stored: evaluation must not see that.
            for augmentation in [Augmentation.none, Self.augmentation] {
                for (height, width) in [(16, 16), (12, 20), (24, 10)] {
                    let specification = ClipSpecification(frames: 5, height: height, width: width, fit: fit)
                    let loader = ClipLoader(
                        manifest: manifest, specification: specification, augmentation: augmentation)
                    // One clip from what is kept for training, one decoded for evaluation.
                    _ = try loader.clip(2, mode: .training)
                    for batch in loader.batches(of: [2, 0], size: 2, mode: .evaluation) {
                        #expect(batch.clipIndices == [2, 0])
                        let expected = try [2, 0].flatMap { item in
                            let reader = try VideoReader(path: manifest.items[item].path)
                            return try reader.read(
                                specification.evaluationRequest(displaySize: reader.info.displaySize)
                            ).bytes
                        }
                        #expect(batch.frames == expected, "\(fit) \(height)x\(width)")
                    }
                }
            }
        }
    }

    @Test func shortClipsRepeatEvenlyAndPartsAreHonoured() throws {
        let folder = try DatasetFolder()
        try folder.video("a.mp4", tone: 40, frames: 3)
        try folder.video("b.mp4", tone: 40, frames: 20)
        let file = try folder.write("l.csv", "path,label,start,end\na.mp4,x,,\nb.mp4,y,0.5,0.9\n")
        let loader = loader(try Manifest(path: file), frames: 6, augmentation: .none)
        func tones(_ item: Int) throws -> [Int] {
            let clip = try loader.clip(item, mode: .evaluation)
            return stride(from: 0, to: clip.count, by: 12 * 20 * 3).map { Int(clip[$0 + 3 * 20 * 3 + 6]) }
        }
        // Encoding moves levels by a little.
        for (found, frame) in zip(try tones(0), [0, 0, 1, 1, 2, 2]) { #expect(abs(found - 40 - 4 * frame) <= 2) }
        for (found, frame) in zip(try tones(1), [5, 6, 6, 7, 8, 8]) { #expect(abs(found - 40 - 4 * frame) <= 2) }
    }

    @Test func damagedClipsAreSkippedAndNamed() throws {
        let folder = try DatasetFolder()
        _ = try folder.manifest(count: 4)
        try folder.write("odd/broken.mp4", "this is not a video")
        try folder.write("odd/empty.mp4")
        let manifest = try Manifest(path: folder.path)
        let loader = loader(manifest)
        let broken = manifest.items.indices.filter {
            $0 > 0
                && (manifest.items[$0].path.hasSuffix("broken.mp4") || manifest.items[$0].path.hasSuffix("empty.mp4"))
        }
        for epoch in 0..<2 {
            let batches = Array(
                loader.batches(of: Array(manifest.items.indices), size: 2, mode: .training, epoch: epoch))
            #expect(batches.reduce(0) { $0 + $1.count } == 4)
            #expect(batches.allSatisfy { $0.count > 0 && $0.frames.count == $0.count * 4 * 12 * 20 * 3 })
            #expect(loader.failures.map(\.clipIndex) == broken)
            #expect(loader.failures.allSatisfy { "\($0.error)".contains($0.path) })
        }
        #expect(Array(loader.batches(of: broken, size: 1, mode: .evaluation)).isEmpty)
        #expect(throws: (any Error).self) { try loader.clip(99, mode: .evaluation) }
    }

    /// Damage in a clip that is used all the same is counted and named, in training as in evaluation.
    @Test(arguments: [ClipLoader.Mode.training, .evaluation])
    func partlyDamagedClipsAreNamed(mode: ClipLoader.Mode) throws {
        let folder = try DatasetFolder()
        var manifest = try folder.manifest(count: 3, frames: 24)
        let path = manifest.items[1].path
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let data = try #require(bytes.firstRange(of: Array("mdat".utf8))).upperBound
        let tables = try #require(bytes.firstRange(of: Array("moov".utf8))).lowerBound
        let end = tables > data ? tables - 4 : bytes.count
        for place in data + (end - data) * 3 / 4..<end { bytes[place] = 0xFF }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        manifest.items[1].labels = [0]
        let loader = loader(manifest)
        for epoch in 0..<2 {
            let batches = Array(loader.batches(of: [0, 1, 2], size: 2, mode: mode, epoch: epoch))
            #expect(batches.reduce(0) { $0 + $1.count } == 3)
            #expect(loader.failures.isEmpty)
            #expect(loader.damaged.map(\.clipIndex) == [1] && loader.damaged.first?.path == path)
            #expect(loader.damaged.allSatisfy { (1...24).contains($0.frames) })
        }
    }

    /// What is kept is what can be used: for evaluation one phase and the crop; for training three, and its reach.
    @Test func theCacheKeepsNoMoreThanIsUsed() throws {
        let folder = try DatasetFolder()
        for clip in 0..<2 { try folder.video("a/\(clip).mp4", tone: 20, frames: 30, width: 96, height: 32) }
        let manifest = try Manifest(path: folder.path)
        func kept(_ mode: ClipLoader.Mode, _ augmentation: Augmentation, height: Int = 16) -> Int {
            let loader = loader(manifest, height: height, width: 16, augmentation: augmentation)
            for _ in loader.batches(of: [0, 1], size: 2, mode: mode) {}
            return loader.cachedByteCount
        }
        #expect(kept(.evaluation, .standard) == 2 * 4 * 16 * 16 * 3)
        #expect(kept(.training, .none) == 2 * 4 * 16 * 16 * 3)
        // 16 pixels with a margin of 1.15 are 18; of 15, it is 17.
        #expect(kept(.training, .standard) == 2 * 12 * 18 * 18 * 3)
        #expect(kept(.training, .standard, height: 15) == 2 * 12 * 17 * 18 * 3)
        #expect(kept(.training, Augmentation(randomCrop: true), height: 15) == 2 * 4 * 17 * 18 * 3)
    }

    @Test func theCacheKeepsToItsBudget() throws {
        let folder = try DatasetFolder()
        let manifest = try folder.manifest(count: 6)
        let plenty = loader(manifest)
        let items = Array(0..<6)
        for _ in plenty.batches(of: items, size: 4, mode: .training) {}
        #expect(plenty.cachedClipCount == 6)
        let budget = plenty.cachedByteCount / 2
        let tight = loader(manifest, cache: budget)
        for epoch in 0..<2 { for _ in tight.batches(of: items, size: 4, mode: .training, epoch: epoch) {} }
        #expect(tight.cachedByteCount <= budget)
        #expect((1...4).contains(tight.cachedClipCount))
        // With the files gone, only what is kept can be had.
        for item in manifest.items { try FileManager.default.removeItem(atPath: item.path) }
        #expect(plenty.batches(of: items, size: 4, mode: .training, epoch: 5).reduce(0) { $0 + $1.count } == 6)
    }

    @Test func leavingOffEndsTheThreads() throws {
        let folder = try DatasetFolder()
        let manifest = try folder.manifest(count: 6)
        // The threads hold the loader: when it is gone, so are they.
        weak var watched: ClipLoader?
        do {
            let loader = loader(manifest, cache: 0)
            watched = loader
            for _ in 0..<20 {
                var iterator = loader.batches(of: Array(0..<6), size: 1, mode: .training).makeIterator()
                #expect(iterator.next()?.step == 0)
            }
        }
        let deadline = Date().addingTimeInterval(20)
        while watched != nil, Date() < deadline { usleep(2000) }
        #expect(watched == nil)
        let loader = loader(manifest, cache: 0)
        #expect(Array(loader.batches(of: [], size: 4, mode: .training)).isEmpty)
        #expect(Array(loader.batches(of: [77, -1], size: 0, mode: .training)).isEmpty)
    }

    @Test func planCutsAnOrderIntoBatches() {
        let draws = (0..<10).map { ClipDraw(item: $0, view: 0) }
        #expect(BatchPlan(draws, batchSize: 4, dropsLast: true).steps.map(\.count) == [4, 4])
        #expect(BatchPlan(draws, batchSize: 4).steps == [Array(draws[..<4]), Array(draws[4..<8]), Array(draws[8...])])
        #expect(BatchPlan([], batchSize: 4, dropsLast: true).steps.isEmpty)
    }

    /// Twelve clips of one class, three of another, none of them decoded: only the order is asked for.
    @Test func balancedEpochsHaveAsManyOfEachClass() {
        let items = (0..<15).map { Manifest.Item(path: "none/\($0).mp4", labels: [$0 < 12 ? 0 : 1]) }
        let loader = loader(Manifest(source: "none", classes: ["many", "few"], items: items))
        func epoch(_ number: Int, views: Int? = nil) -> [ClipDraw] {
            loader.batches(
                of: Array(0..<15), size: 4, mode: .training, epoch: number, isBalanced: true, views: views
            ).draws.flatMap(\.clips)
        }
        let draws = epoch(0)
        #expect(draws.count { $0.item < 12 } == 7 && draws.count { $0.item >= 12 } == 8)
        #expect(draws == epoch(0) && draws != epoch(1))
        // Seven clips an epoch: after twelve epochs each of the twelve was drawn seven times.
        var counts = [Int](repeating: 0, count: 15)
        for number in 0..<12 { for draw in epoch(number) { counts[draw.item] += 1 } }
        #expect(counts == [Int](repeating: 7, count: 12) + [32, 32, 32])
        // A clip that comes again is another view, whatever the epoch; and of three views, one of the three.
        for number in 0..<3 {
            #expect(Set(epoch(number)).count == 15)
            #expect(epoch(number, views: 3).allSatisfy { (0..<3).contains($0.view) })
        }
        #expect(Set(epoch(0)).isDisjoint(with: epoch(1)))
    }
}

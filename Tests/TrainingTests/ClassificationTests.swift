import Classifiers
import Datasets
import Foundation
import Neural
import SoraModel
import Testing
import Training

/// Classifiers on the vectors of real files: what is kept, what is compared, what is chosen.
@Suite struct ClassificationTests {
    private func reader(
        _ run: TestRun, _ model: Model, cache: String?, precision: Precision = .float32, seed: UInt64 = 1
    ) throws -> ClipVectors {
        let loader = ClipLoader(
            manifest: try Manifest(path: run.file("clips")), specification: model.configuration.clip.specification,
            augmentation: .standard, seed: seed)
        return try ClipVectors(
            model, loader: loader, backend: OneDNNBackend(precision: precision), cacheFolder: cache)
    }

    private func vectors(_ reader: ClipVectors, _ items: [Int], views: Int = 1) throws -> [[[Float]]] {
        try reader.clips(items, features: .pooled, views: views).map(\.vectors)
    }

    /// Known vectors are taken from the cache, and only where they are those that would be worked out.
    @Test func theCacheIsNeverWrong() throws {
        let run = try TestRun(dark: 3, light: 2)
        let model = try Model(TestRun.configuration(), seed: 3)
        let folder = run.file("cache")
        let items = [4, 0, 2]
        let first = try reader(run, model, cache: folder)
        let expected = try vectors(first, items, views: 2)
        #expect(first.cachedCount == 0 && expected.count == 3 && expected.allSatisfy { $0.count == 2 })
        #expect(expected[0][0] != expected[0][1] && expected[0][0] != expected[1][0])
        let size = try ClipFeatures.pooled.count(model.network)
        #expect(expected[0][0].count == size)

        let second = try reader(run, model, cache: folder)
        #expect(try vectors(second, [0, 1, 2, 3, 4], views: 2).count == 5 && second.cachedCount == 6)
        let third = try reader(run, model, cache: folder)
        #expect(try vectors(third, items, views: 2) == expected && third.cachedCount == 6 && third.cacheFault == nil)

        // Another draw of the views, the clips themselves the same.
        let drawn = try reader(run, model, cache: folder, seed: 2)
        let others = try vectors(drawn, items, views: 2)
        #expect(drawn.cachedCount == 3 && others[0][0] == expected[0][0] && others[0][1] != expected[0][1])
        // Other weights, and another head on the same ones.
        let other = try reader(run, Model(TestRun.configuration(), seed: 4), cache: folder)
        #expect(try vectors(other, items) != expected.map { [$0[0]] } && other.cachedCount == 0)
        model.shelf.isHeadTrained = false
        try model.parameters.set("head.bias", to: Tensor([2], [5, 6] as [Float]))
        let same = try reader(run, model, cache: folder)
        #expect(try vectors(same, items) == expected.map { [$0[0]] } && same.cachedCount == 3)

        // A file that has changed, and what was known of it is gone.
        try run.video("dark/0.mp4", tone: 99)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: run.file("clips/dark/0.mp4"))
        let changed = try reader(run, model, cache: folder)
        let now = try vectors(changed, items, views: 2)
        #expect(changed.cachedCount == 4 && now[0] == expected[0] && now[1] != expected[1])
    }

    @Test func aDamagedCacheIsMadeAnew() throws {
        let run = try TestRun(dark: 2, light: 2)
        let model = try Model(TestRun.configuration(), seed: 3)
        let folder = run.file("cache")
        let expected = try vectors(reader(run, model, cache: folder), [0, 3])
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        let url = URL(fileURLWithPath: "\(folder)/\(name)")
        let sound = try Data(contentsOf: url)
        var damaged = [Data(), Data("none".utf8), sound.dropLast(3), sound + [0]]
        // In the numbers themselves, which nothing but the checksum sees.
        for place in [sound.count - 1, sound.count - 30] {
            var bytes = sound
            bytes[place] ^= 0x10
            damaged.append(bytes)
        }
        for (index, bytes) in damaged.enumerated() {
            try bytes.write(to: url)
            let again = try reader(run, model, cache: folder)
            #expect(again.cacheFault?.contains(url.path) == true, "\(index)")
            #expect(try vectors(again, [0, 3]) == expected && again.cachedCount == 0)
            #expect(try Data(contentsOf: url) == sound, "\(index)")
        }
        // Nowhere to write to is an error; nothing kept is none.
        let blocked = try reader(run, model, cache: url.path + "/below")
        #expect(throws: (any Error).self) { try vectors(blocked, [0]) }
        #expect(try vectors(reader(run, model, cache: nil), [0, 3]) == expected)
    }

    @Test func filesThatFailAreLeftOut() throws {
        let run = try TestRun(dark: 2, light: 2)
        try run.brokenVideo("dark/9.mp4")
        let model = try Model(TestRun.configuration(), seed: 3)
        let reader = try reader(run, model, cache: run.file("cache"))
        let clips = try reader.clips([0, 1, 2, 3, 4], features: .embedding, views: 2)
        #expect(clips.map(\.item) == [0, 1, 3, 4] && clips.map(\.label) == [0, 0, 1, 1])
        #expect(reader.failures.count == 1)
    }

    // MARK: Search

    /// Clips of two classes and as many groups, whose vectors tell the group at once and the class only in part.
    private func clips(groups: Int) throws -> (ClassifierClips, Manifest) {
        var clips: [ClipVectors.Clip] = []
        var items: [Manifest.Item] = []
        for item in 0..<groups * 4 {
            let (group, label) = (item / 4, item / 4 % 2)
            let noise = Float((item * 7919) % 13) / 13
            var vector = [Float](repeating: 0, count: groups + 1)
            vector[group] = 4
            vector[groups] = Float(label) + noise * 1.5
            clips.append(ClipVectors.Clip(item: item, label: label, vectors: [vector, vector.map { $0 + 0.01 }]))
            items.append(Manifest.Item(path: "\(item).mp4", labels: [label], group: "g\(group)"))
        }
        return (
            ClassifierClips(clips, labels: ["a", "b"]), Manifest(source: "test", classes: ["a", "b"], items: items)
        )
    }

    /// With groups kept together the group says nothing of the class: the figure is what new groups would give.
    @Test func groupsAreNotSplit() throws {
        let (clips, manifest) = try clips(groups: 12)
        let folds = try manifest.folds(count: 4, seed: 1)
        let settings = [ClassifierSettings(["k": 1, "centred": 0])]
        let honest = try GridSearch(.neighbours, clips, settings: settings, folds: folds, seed: 1)
        // The same with the clips of a group on both sides.
        let mixed = (0..<4).map { fold in
            Fold(
                name: "\(fold)", training: manifest.items.indices.filter { $0 % 4 != fold },
                heldOut: manifest.items.indices.filter { $0 % 4 == fold })
        }
        let flattering = try GridSearch(.neighbours, clips, settings: settings, folds: mixed, seed: 1)
        #expect(flattering.score.balancedAccuracy == 1)
        #expect(honest.score.balancedAccuracy < 0.9 && honest.score.folds == 4)
    }

    /// Mean, deviation and F1 as worked out here once more, and the best row chosen.
    @Test func rowsAreWhatTheyShouldBe() throws {
        let (clips, manifest) = try clips(groups: 6)
        let folds = try manifest.folds(count: 3, seed: 1)
        let settings = try ClassifierKind.logistic.grid(featureCount: 7, given: ["lambda": [1e6, 1, 0.01]])
        var done: [Int] = []
        let search = try GridSearch(.logistic, clips, settings: settings, folds: folds, seed: 1) { done.append($0) }
        #expect(done == [1, 2, 3] && search.rows.map(\.settings) == settings)
        var recalls: [Double] = []
        for fold in folds {
            let classifier = try #require(
                try ClassifierKind.logistic.fit(clips.vectors(of: Set(fold.training), views: .all), settings)
                    .dropFirst().first)
            let judged = try fold.heldOut.map { item in
                (clips.clips[item].label, try classifier.probabilities(clips.clips[item].vectors[0]).likeliest)
            }
            let each = [0, 1].compactMap { label -> Double? in
                let own = judged.filter { $0.0 == label }
                return own.isEmpty ? nil : Double(own.count { $0.1 == label }) / Double(own.count)
            }
            recalls.append(each.reduce(0, +) / Double(each.count))
        }
        let mean = recalls.reduce(0, +) / 3
        let variance = recalls.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2
        #expect(abs(search.rows[1].balancedAccuracy - mean) < 1e-12)
        #expect(abs(search.rows[1].deviation - variance.squareRoot()) < 1e-12)
        #expect(search.rows[search.best].balancedAccuracy == search.rows.map(\.balancedAccuracy).max())
        let lines = search.text.split(separator: "\n")
        #expect(lines.count == 4 && lines.filter { $0.hasPrefix("* ") }.count == 1)
        #expect(lines[1 + search.best].hasPrefix("* lambda"))
    }

    @Test func fittingEndsInAClassifierOfAll() throws {
        let (clips, manifest) = try clips(groups: 8)
        var fitting = ClassifierFitting(name: "mine", kind: .tree, features: .pooled)
        fitting.grid = ["depth": [1, 2]]
        let folds = try manifest.folds(count: 4, seed: 1)
        let outcome = try fitting.fit(clips, folds: folds)
        let description = outcome.classifier.description
        #expect(description.name == "mine" && description.labels == ["a", "b"] && description.features == .pooled)
        #expect(outcome.search?.rows.count == 6 && description.score == outcome.search?.score)
        #expect(
            try fitting.fit(clips, folds: folds).classifier.classifier.arrays == outcome.classifier.classifier.arrays)
        let blind = try fitting.fit(clips, folds: [])
        #expect(blind.search == nil && blind.classifier.description.score == nil)
        #expect(blind.classifier.description.settings.values == ["depth": 2, "leaf": 5])
    }
}

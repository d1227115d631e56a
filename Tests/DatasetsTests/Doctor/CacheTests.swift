import Datasets
import Foundation
import Testing

@Suite struct CacheTests {
    private static func made() throws -> (folder: DatasetFolder, manifest: Manifest, cache: String) {
        let folder = try DatasetFolder()
        let manifest = try folder.manifest(count: 4)
        return (folder, manifest, folder.path + "/kept/cache.jsonl")
    }

    @Test func whatIsKnownIsNotDecodedAgain() throws {
        let (folder, manifest, path) = try Self.made()
        let first = Examiner(manifest, cache: try ExaminationCache(path: path)).examine()
        #expect(try ExaminationCache(path: path).count == 4)
        // What the cache says is believed while the file is as it was.
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        let edited = text.replacingOccurrences(of: "\"codec\":\"h264\"", with: "\"codec\":\"kept\"")
        try Data(edited.utf8).write(to: URL(fileURLWithPath: path))
        var seen: [Int] = []
        let second = Examiner(manifest, cache: try ExaminationCache(path: path)).examine { done, _, _ in
            seen.append(done)
        }
        #expect(second.allSatisfy { $0.facts?.codec == "kept" } && seen == [4])
        // A file that has changed is decoded again.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: manifest.items[1].path)
        let third = Examiner(manifest, cache: try ExaminationCache(path: path)).examine()
        #expect(third.map { $0.facts?.codec } == ["kept", "h264", "kept", "kept"])
        #expect(third[1].facts == first[1].facts)
        withExtendedLifetime(folder) {}
    }

    /// A line that was cut short counts for nothing, and the next one is whole.
    @Test func aKilledRunGoesOn() throws {
        let (folder, manifest, path) = try Self.made()
        let whole = Examiner(manifest, cache: try ExaminationCache(path: path)).examine()
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let second = try #require(data.dropLast().lastIndex(of: 10))
        try data.prefix(second - 100).write(to: URL(fileURLWithPath: path))
        #expect(try ExaminationCache(path: path).count == 2)
        let resumed = Examiner(manifest, cache: try ExaminationCache(path: path)).examine()
        #expect(resumed.map(\.facts) == whole.map(\.facts))
        #expect(try ExaminationCache(path: path).count == 4)
        withExtendedLifetime(folder) {}
    }

    @Test func otherFilesAreNotRuined() throws {
        let folder = try DatasetFolder()
        let path = try folder.write("notes.txt", "Not a cache.\n")
        #expect(throws: DatasetError.self) { try ExaminationCache(path: path) }
        #expect(throws: DatasetError.self) { try ExaminationCache(path: folder.path) }
    }

    /// Numbers that no file has, but that an integer or a sum of them would not hold, are none.
    @Test func factsBeyondReasonAreNone() throws {
        let (folder, manifest, path) = try Self.made()
        let clips = withExtendedLifetime(folder) {
            Examiner(manifest, cache: try? ExaminationCache(path: path)).examine()
        }
        var facts = try #require(clips[0].facts)
        #expect(facts.isSound)
        for change in [
            { $0.rate = 1e30 }, { $0.rate = -1 }, { $0.fileSize = .max }, { $0.seconds = 1e300 }, { $0.seconds = -1 },
        ] as [(inout ClipFacts) -> Void] {
            let before = facts
            change(&facts)
            #expect(!facts.isSound)
            facts = before
        }
    }

    /// Whatever is in the file, it is read without a trap, and what it gives are sound facts.
    @Test func anythingMayBeInIt() throws {
        let (folder, manifest, path) = try Self.made()
        _ = Examiner(manifest, cache: try ExaminationCache(path: path)).examine()
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SeededRandom(seed: 11)
        let other = folder.path + "/fuzzed.jsonl"
        for _ in 0..<60 {
            var bytes = [UInt8](data)
            for _ in 0..<1 + random.integer(below: 6) {
                let place = random.integer(below: bytes.count)
                bytes[place] = UInt8(
                    [0x30, 0x39, 0x2D, 0x65, 0x22, 0x0A, 0x7D, random.integer(below: 256)][random.integer(below: 8)])
            }
            if random.integer(below: 4) == 0 { bytes = Array(bytes.prefix(random.integer(below: bytes.count))) }
            try Data(bytes).write(to: URL(fileURLWithPath: other))
            guard let cache = try? ExaminationCache(path: other) else { continue }
            for item in manifest.items {
                guard let key = ExaminationCache.Key(path: item.path, parts: ["-"]) else { continue }
                for facts in cache[key] ?? [] {
                    #expect(facts.isSound)
                    let clip = ExaminedClip(facts: facts)
                    _ = Diagnosis(manifest, manifest.items.map { _ in clip })
                    _ = CloseClips(SignatureSimilarity([facts.signature, facts.signature]))
                }
            }
        }
    }
}

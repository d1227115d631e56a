import Foundation
import Neural
import Testing

/// The whole way on tiny videos: train, evaluate, embed, classify, info, frames, probe.
@Suite struct WorkflowTests {
    @Test func train() throws {
        let workspace = try Workspace.shared
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(workspace.trainingReport.utf8)) as? [String: Any])
        #expect(report["end"] as? String == "finished")
        #expect(report["model"] as? String == workspace.model)
        #expect((report["history"] as? [Any])?.count == 2)
        #expect((report["failures"] as? [Any])?.isEmpty == true)
        #expect(FileManager.default.fileExists(atPath: workspace.model + ".checkpoint"))
        #expect(try lines(workspace.model + ".history.csv").count == 3)
    }

    @Test func trainWithEverythingSet() throws {
        let workspace = try Workspace.shared
        let out = try workspace.newFolder() + "/model.safetensors"
        let options = [
            "--epochs", "1", "--gradient-limit", "0", "--brightness", "0.3", "--contrast", "0.4", "--jitter", "0.5",
            "--head", "multiLabel", "--dropout", "0.4", "--weights", workspace.model, "--fusion", "attention",
            "--layers", "2", "--no-bidirectional", "--average", "0.9", "--optimizer", "sgd", "--balance", "weights",
        ]
        let outcome = try sora(["train", "--data", workspace.clips, "--out", out] + Workspace.quick + options)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("\(workspace.model): "))
        #expect(outcome.errors.contains(" of the network's "))
        // No terminal, so nothing that only a terminal understands.
        #expect(!outcome.errors.contains("\r") && !outcome.errors.contains("\u{1B}"))
        #expect(try sora("info", out).output.contains("multiLabel head"))
    }

    @Test func weightsOfAnotherNetwork() throws {
        let workspace = try Workspace.shared
        let weights = try workspace.newFolder() + "/weights.safetensors"
        // One name is the network's, and its shape is not; the other is not the network's.
        let tensors = [
            "conv1.weight": try Tensor([2, 3], [Float](repeating: 1, count: 6)), "fc.bias": try Tensor([1], [Float(1)]),
        ]
        try SafetensorsFile(tensors: tensors).write(to: weights)
        let out = workspace.folder + "/none.safetensors"
        let outcome = try sora(
            ["train", "--data", workspace.clips, "--out", out, "--weights", weights] + Workspace.quick)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("\(weights): none of its 2 tensors has the name and shape"))
        #expect(outcome.errors.contains("torchvision's names"))
    }

    @Test func evaluate() throws {
        let workspace = try Workspace.shared
        let text = try sora("evaluate", workspace.model, "--data", workspace.heldOut)
        #expect(text.status == 0)
        #expect(text.output.contains("clips              8"))
        #expect(text.output.contains("95% interval"))
        let json = try sora("evaluate", workspace.model, "--data", workspace.heldOut, "--json").objects()
        let metrics = try #require(json.first?["metrics"] as? [String: Any])
        #expect(metrics["accuracy"] is Double || metrics["accuracy"] is Int)
        #expect(json.count == 1 && json[0]["loss"] != nil)
    }

    @Test func embed() throws {
        let workspace = try Workspace.shared
        let folder = try workspace.newFolder()
        let files = [workspace.clip, workspace.other]
        for name in ["npy", "csv", "jsonl"] {
            let outcome = try sora(["embed", workspace.model, "--out", "\(folder)/vectors.\(name)"] + files)
            #expect(outcome.status == 0)
            #expect(outcome.output == "2 vectors of 128 numbers -> \(folder)/vectors.\(name)\n")
        }
        let (header, data) = try array("\(folder)/vectors.npy")
        #expect(header.contains("'<f4'") && header.contains("(2, 128)"))
        let numbers = unsafe data.withUnsafeBytes { unsafe Array($0.bindMemory(to: Float.self)) }
        #expect(numbers.count == 256)
        let square: Float = numbers[0..<128].reduce(0) { $0 + $1 * $1 }
        #expect(abs(square - 1) < 1e-4)
        let table = try lines("\(folder)/vectors.csv")
        #expect(table.count == 3 && table[0].hasPrefix("path,e0,e1,"))
        #expect(table[1].hasPrefix(workspace.clip + ",\(numbers[0]),"))
        #expect(try lines("\(folder)/vectors.jsonl").count == 2)
        let rows = try sora(["embed", workspace.model, "--json"] + files).objects()
        #expect(rows.map { ($0["embedding"] as? [Any])?.count } == [128, 128])
    }

    @Test func classify() throws {
        let workspace = try Workspace.shared
        let text = try sora("classify", workspace.model, workspace.clip, "--top", "2")
        #expect(text.status == 0)
        #expect(text.output.hasPrefix(workspace.clip + "  "))
        #expect(text.output.count { $0 == "%" } == 2)
        let rows = try sora("classify", workspace.model, workspace.clip, "--top", "99", "--json").objects()
        let labels = try #require(rows.first?["labels"] as? [[String: Any]])
        #expect(Set(labels.compactMap { $0["label"] as? String }) == Set(Workspace.classes))
        let sum: Double = labels.reduce(0) { $0 + (($1["probability"] as? NSNumber)?.doubleValue ?? 0) }
        #expect(abs(sum - 1) < 1e-5)
    }

    @Test func info() throws {
        let workspace = try Workspace.shared
        let text = try sora("info", workspace.model)
        #expect(text.status == 0)
        #expect(text.output.contains("labels: grow, move-left, move-right, shrink"))
        for words in ["ReLU", "add", "mean over image", "mean over time", "softmax", "MFLOP/frame"] {
            #expect(text.output.contains(words))
        }
        let json = try sora("info", workspace.model, "--json").objects()
        #expect((json.first?["summary"] as? [String: Any])?["layers"] is [Any])
        let article = try sora("info", "--preset", "article")
        #expect(article.status == 0)
        for words in ["max pool 2x2", "[100, 54, 54, 64]", "[100, 64]", "GRU", "sigmoid"] {
            #expect(article.output.contains(words))
        }
    }

    @Test func probe() throws {
        let workspace = try Workspace.shared
        let text = try sora("probe", "--count", workspace.clip)
        #expect(text.status == 0)
        for words in ["0.667 s", "8 frames", "12.000 frames/s", "h264", "32x32 pixels"] {
            #expect(text.output.contains(words), "\(text.output)")
        }
        let json = try sora("probe", "--count", "--json", workspace.clip).objects()
        #expect(json.first?["frameCount"] as? Int == 8)
        #expect(json.first?["frameCountIsExact"] as? Bool == true)
    }

    @Test func demo() throws {
        let out = try Workspace.shared.newFolder() + "/demo"
        let outcome = try sora(
            "demo", "--quick", "--clips-per-class", "3", "--epochs", "1", "--out", out, "--json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try outcome.objects().count == 1)
    }

    @Test func bench() throws {
        let workspace = try Workspace.shared
        let size = ["--batch", "1", "--frames", "2", "--size", "32", "--runs", "1"]
        for training in [[], ["--train"]] {
            let text = try sora(["bench"] + size + training)
            #expect(text.status == 0)
            for words in ["frames/s", "GFLOP/s", "MiB peak"] { #expect(text.output.contains(words)) }
            let json = try sora(["bench", "--json"] + size + training).objects()
            #expect(json.first?["framesPerSecond"] is NSNumber)
        }
        let decode = try sora("bench", "--decode", workspace.clip)
        #expect(decode.status == 0)
        #expect(decode.output.contains("8 frames of 32x32 h264") && decode.output.contains("frames/s"))
        let json = try sora("bench", "--decode", workspace.clip, "--runs", "3", "--json").objects()
        #expect(json.first?["frames"] as? Int == 8)
        #expect((json.first?["seconds"] as? [Any])?.count == 3)
    }
}

;; A stage that does what the first letter of the text says, most of it what no stage should. A core module: the test makes a component
;; of it with `wit/stage.wit`.
;;
;; Memory: 0 the descriptor; 512 texts; 1024 the result of a call; 2048 lists; from 65536 on what docmill passes.
(module
  (import "docmill:stage/host@0.1.0" "log" (func $log (param i32 i32 i32)))
  (memory (export "memory") 2)
  (global $next (mut i32) (i32.const 65536))

  ;; The descriptor: strings and lists as pointer and length.
  (data (i32.const 0)
    "\80\00\00\00" "\0a\00\00\00"   ;; name
    "\8a\00\00\00" "\05\00\00\00"   ;; version
    "\8f\00\00\00" "\14\00\00\00"   ;; summary
    "\00\00\00\00" "\00\00\00\00"   ;; options: none
    "\00\08\00\00" "\05\00\00\00"   ;; needs
    "\28\08\00\00" "\07\00\00\00"   ;; gives
    "\01" "\01" "\00")              ;; drops, deterministic, utf8
  (data (i32.const 0x80) "test.probe" "2.0.1" "Does what it is told")
  ;; The names of fields, and the lists of them.
  (data (i32.const 512) "blocks" "annotations.*" "tags.*" "measures.*" "summary" "text" "meta" "language")
  (data (i32.const 2048)
    "\00\02\00\00" "\06\00\00\00"  "\06\02\00\00" "\0d\00\00\00"  "\13\02\00\00" "\06\00\00\00"
    "\19\02\00\00" "\0a\00\00\00"  "\23\02\00\00" "\07\00\00\00")
  (data (i32.const 2088)
    "\2a\02\00\00" "\04\00\00\00"  "\2e\02\00\00" "\04\00\00\00"  "\32\02\00\00" "\08\00\00\00"
    "\06\02\00\00" "\0d\00\00\00"  "\13\02\00\00" "\06\00\00\00"  "\19\02\00\00" "\0a\00\00\00"
    "\23\02\00\00" "\07\00\00\00")
  ;; Texts of answers.
  (data (i32.const 0x280) "no good" "\ff\fe" "/refuse" "{\"a\":[1,2]}" "term" "{" "null" "en-GB")

  (func (export "docmill:stage/plugin@0.1.0#describe") (result i32) (i32.const 0))

  ;; Options are told by their length: `{}`, `{"refuse":1}`, `{"loop":1}`, `{"trap":"it"}`, or `{"fatal":true}`.
  (func (export "docmill:stage/plugin@0.1.0#init") (param $options i32) (param $length i32) (result i32)
    (call $clear)
    (if (i32.eq (local.get $length) (i32.const 10)) (then (loop $again (br $again))))
    (if (i32.eq (local.get $length) (i32.const 13)) (then (unreachable)))
    (if (i32.eq (local.get $length) (i32.const 12)) (then
      (i32.store8 (i32.const 1024) (i32.const 1))
      (i32.store8 (i32.const 1028) (i32.const 1))             ;; bad-options
      (i32.store (i32.const 1032) (i32.const 3000))
      (i32.store (i32.const 1036) (i32.const 1))
      (call $text (i32.const 3000) (i32.const 0x289) (i32.const 7))
      (call $text (i32.const 3008) (i32.const 0x280) (i32.const 7))))
    (if (i32.eq (local.get $length) (i32.const 14)) (then
      (i32.store8 (i32.const 1024) (i32.const 1))
      (i32.store8 (i32.const 1028) (i32.const 2))             ;; fatal
      (call $text (i32.const 1032) (i32.const 0x280) (i32.const 7))))
    (i32.const 1024))

  (func (export "docmill:stage/plugin@0.1.0#process") (param $document i32) (result i32)
    (local $at i32) (local $length i32) (local $told i32) (local $index i32)
    (call $clear)
    (local.set $at (i32.load offset=48 (local.get $document)))
    (local.set $length (i32.load offset=52 (local.get $document)))
    (if (i32.eqz (local.get $length)) (then (return (i32.const 1024))))
    (local.set $told (i32.load8_u (local.get $at)))

    ;; L: never comes back.
    (if (i32.eq (local.get $told) (i32.const 76)) (then (loop $again (br $again))))
    ;; H: takes all the memory that there is, and cannot have it.
    (if (i32.eq (local.get $told) (i32.const 72)) (then
      (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      (unreachable)))
    ;; K: keeps 16 MiB for good.
    (if (i32.eq (local.get $told) (i32.const 75)) (then (drop (memory.grow (i32.const 256)))))
    ;; T: traps. R: calls itself without end. O: reads where nothing is.
    (if (i32.eq (local.get $told) (i32.const 84)) (then (unreachable)))
    (if (i32.eq (local.get $told) (i32.const 82)) (then (drop (call $deeper (i32.const 1)))))
    (if (i32.eq (local.get $told) (i32.const 79)) (then (drop (i32.load (i32.const -8)))))
    ;; B, F, Q: bad-document, fatal, and bad-options, which is no answer to a document.
    (if (i32.eq (local.get $told) (i32.const 66)) (then (return (call $error (i32.const 0)))))
    (if (i32.eq (local.get $told) (i32.const 70)) (then (return (call $error (i32.const 2)))))
    (if (i32.eq (local.get $told) (i32.const 81)) (then
      (drop (call $error (i32.const 1)))
      (i64.store (i32.const 1032) (i64.const 0))
      (return (i32.const 1024))))
    ;; G: says something to the log, and nothing else.
    (if (i32.eq (local.get $told) (i32.const 71)) (then
      (call $log (i32.const 1) (local.get $at) (local.get $length))))
    ;; U: a warning that is no UTF-8.
    (if (i32.eq (local.get $told) (i32.const 85)) (then
      (call $warnings (i32.const 1))
      (call $text (i32.const 3000) (i32.const 0x287) (i32.const 2))))
    ;; P: a million warnings that all stand at the same place.
    (if (i32.eq (local.get $told) (i32.const 80)) (then
      (drop (memory.grow (i32.const 130)))
      (call $warnings (i32.const 1000000))
      (i32.store (i32.const 1108) (i32.const 131072))
      (loop $each
        (call $text (i32.add (i32.const 131072) (i32.shl (local.get $index) (i32.const 3)))
          (i32.const 8131072) (i32.const 131072))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br_if $each (i32.lt_u (local.get $index) (i32.const 1000000))))))
    ;; J: an annotation whose value is no JSON.
    (if (i32.eq (local.get $told) (i32.const 74)) (then
      (call $text (i32.const 1040) (i32.const 3000) (i32.const 1))
      (call $text (i32.const 3000) (i32.const 0x29b) (i32.const 4))
      (i32.store (i32.const 3012) (i32.const 1))
      (i32.store8 (i32.const 3016) (i32.const 1))
      (call $text (i32.const 3020) (i32.const 0x29f) (i32.const 1))))
    ;; M: a key of the metadata twice.
    (if (i32.eq (local.get $told) (i32.const 77)) (then
      (call $text (i32.const 1064) (i32.const 3000) (i32.const 2))
      (call $text (i32.const 3000) (i32.const 0x29b) (i32.const 4))
      (call $text (i32.const 3008) (i32.const 0x2a0) (i32.const 4))
      (call $text (i32.const 3016) (i32.const 0x29b) (i32.const 4))
      (call $text (i32.const 3024) (i32.const 0x2a0) (i32.const 4))))
    ;; N: all that it was given beside the text, as warnings.
    (if (i32.eq (local.get $told) (i32.const 78)) (then
      (call $warnings (i32.const 8))
      (call $copy (i32.const 3000) (i32.add (local.get $document) (i32.const 28)))   ;; title
      (call $copy (i32.const 3008) (i32.add (local.get $document) (i32.const 40)))   ;; language
      (call $copy (i32.const 3016) (i32.add (local.get $document) (i32.const 56)))   ;; meta
      (call $copy (i32.const 3024) (i32.add (local.get $document) (i32.const 68)))   ;; blocks
      (call $copy (i32.const 3032) (i32.add (local.get $document) (i32.const 80)))   ;; annotations
      (call $copy (i32.const 3040) (i32.add (local.get $document) (i32.const 92)))   ;; tags
      (call $copy (i32.const 3048) (i32.add (local.get $document) (i32.const 104)))  ;; measures
      (call $copy (i32.const 3056) (i32.add (local.get $document) (i32.const 116))))) ;; summary
    ;; S: a new text, a language, and a summary of one sentence: the text without its first letter.
    (if (i32.eq (local.get $told) (i32.const 83)) (then
      (i32.store8 (i32.const 1028) (i32.const 2))
      (call $text (i32.const 1032)
        (i32.add (local.get $at) (i32.const 1)) (i32.sub (local.get $length) (i32.const 1)))
      (i32.store8 (i32.const 1072) (i32.const 1))
      (call $text (i32.const 1076) (i32.const 0x2a4) (i32.const 5))
      (i32.store8 (i32.const 1084) (i32.const 1))
      (call $text (i32.const 1100) (i32.const 3000) (i32.const 1))
      (i32.store (i32.const 3000) (i32.const 1))
      (i32.store (i32.const 3004) (local.get $length))
      (f64.store (i32.const 3024) (f64.const 0.5))))
    (i32.const 1024))

  ;; What was passed is not needed any more.
  (func (export "cabi_post_docmill:stage/plugin@0.1.0#process") (param i32) (global.set $next (i32.const 65536)))

  (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $asked i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and
      (i32.add (global.get $next) (i32.sub (local.get $align) (i32.const 1)))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $next (i32.add (local.get $at) (local.get $asked)))
    (if (i32.gt_u (global.get $next) (i32.shl (memory.size) (i32.const 16))) (then
      (drop (memory.grow (i32.add (i32.shr_u (local.get $asked) (i32.const 16)) (i32.const 1))))))
    (local.get $at))

  ;; An empty result, and empty lists.
  (func $clear
    (memory.fill (i32.const 1024) (i32.const 0) (i32.const 128))
    (memory.fill (i32.const 3000) (i32.const 0) (i32.const 96)))

  ;; A string, or any list, at a place.
  (func $text (param $place i32) (param $at i32) (param $length i32)
    (i32.store (local.get $place) (local.get $at))
    (i32.store offset=4 (local.get $place) (local.get $length)))

  (func $copy (param $place i32) (param $from i32)
    (i64.store (local.get $place) (i64.load (local.get $from))))

  (func $warnings (param $count i32)
    (call $text (i32.const 1108) (i32.const 3000) (local.get $count)))

  (func $error (param $case i32) (result i32)
    (i32.store8 (i32.const 1024) (i32.const 1))
    (i32.store8 (i32.const 1028) (local.get $case))
    (call $text (i32.const 1032) (i32.const 0x280) (i32.const 7))
    (i32.const 1024))

  (func $deeper (param $n i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get $n) (i32.const 1))) (i32.const 1))))

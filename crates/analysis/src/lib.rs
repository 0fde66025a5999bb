//! What several docmill stages ask of a text: sentences, tokens, stems, language

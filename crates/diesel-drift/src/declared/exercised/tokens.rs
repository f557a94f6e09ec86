//! Tokens one after the other.

use proc_macro2::{TokenStream, TokenTree};

/// The tokens inside one pair of brackets.
pub(super) struct Tokens {
    all: Vec<TokenTree>,
    at: usize,
}

impl Tokens {
    pub(super) fn new(tokens: TokenStream) -> Self {
        Self {
            all: tokens.into_iter().collect(),
            at: 0,
        }
    }

    pub(super) fn peek(&self) -> Option<&TokenTree> {
        self.all.get(self.at)
    }

    pub(super) fn next(&mut self) -> Option<TokenTree> {
        let token = self.peek().cloned();
        self.at += 1;
        token
    }

    pub(super) fn next_if(&mut self, wanted: impl Fn(&TokenTree) -> bool) {
        if self.peek().is_some_and(wanted) {
            self.at += 1;
        }
    }

    /// `::`
    pub(super) fn skip_path(&mut self) -> bool {
        let next = self.all.get(self.at..self.at + 2);
        let is_path = next.is_some_and(|next| next.iter().all(|token| sign(token) == ':'));
        self.at += if is_path { 2 } else { 0 };
        is_path
    }

    /// `<…>`
    pub(super) fn skip_generics(&mut self) {
        let mut depth = 0_usize;
        let mut before = ' ';
        while let Some(sign) = self.peek().map(sign) {
            match sign {
                '<' => depth += 1,
                // Not that of `->`.
                '>' if before != '-' => depth = depth.saturating_sub(1),
                _ if depth == 0 => return,
                _ => {}
            }
            before = sign;
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }
}

fn sign(token: &TokenTree) -> char {
    match token {
        TokenTree::Punct(punct) => punct.as_char(),
        _ => ' ',
    }
}

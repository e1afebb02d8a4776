SELECT 'first';
